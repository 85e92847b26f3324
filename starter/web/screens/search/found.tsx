import { Fragment } from 'preact'
import type { MessageHit } from '@natter/search/client'
import { exactTime, listTime } from '../../format/dates.js'
import { Avatar } from '../../parts/avatar.js'
import { useNow } from '../../parts/use-now.js'
import { useRoving } from '../../parts/use-roving.js'
import { useChat } from '../../state/app-state.js'
import { faceOf } from '../../state/face.js'
import type { Person } from '../../state/people.js'
import { hashOf } from '../../state/route.js'
import { searchTexts as t } from '../../text/search-texts.js'
import { texts } from '../../text/texts.js'
import { useSearch } from './use-search.js'

/** Messages that have these words, the newest first, and people whom one has no conversation with yet. */
export function Found({ text }: { readonly text: string }) {
  const { conversations, user } = useChat()
  const now = useNow()
  const { hits, people, busy, problem, more } = useSearch(text)
  const known = new Set(conversations.value.map(({ peer }) => peer))
  const others = people.filter(({ id, handle }) => id !== user && handle !== undefined && !known.has(id))
  const roving = useRoving(
    [...others.map(({ id }) => id), ...hits.map(keyOf)],
    others[0]?.id ?? (hits[0] && keyOf(hits[0])),
  )
  return (
    <section class="found" aria-label={t.label} onKeyDown={roving.onKeyDown} onFocusIn={roving.onFocusIn}>
      {others.length > 0 && (
        <>
          <h2>{t.people}</h2>
          <ul role="list" aria-label={t.people}>
            {others.map((person) => (
              <FoundPerson key={person.id} person={person} tabIndex={roving.tabIndex(person.id)} />
            ))}
          </ul>
        </>
      )}
      <h2>{t.title}</h2>
      <p class={hits.length > 0 && !busy ? 'visually-hidden' : 'quiet'} role="status">
        {problem ?? (busy ? t.looking : summary(hits.length, more !== undefined))}
      </p>
      {!problem && hits.length > 0 && (
        <ul role="list" aria-label={t.title} aria-busy={busy}>
          {hits.map((hit) => (
            <FoundMessage key={keyOf(hit)} hit={hit} now={now} tabIndex={roving.tabIndex(keyOf(hit))} />
          ))}
        </ul>
      )}
      {more && (
        <button type="button" class="link-button" onClick={more}>
          {t.more}
        </button>
      )}
    </section>
  )
}

const keyOf = ({ conversation, seq }: MessageHit) => `${conversation} ${seq}`

function summary(hits: number, more: boolean): string {
  if (hits > 0) return t.found(hits, more)
  return more ? t.noneYet : t.none
}

function FoundPerson({ person, tabIndex }: { readonly person: Person; readonly tabIndex: 0 | -1 }) {
  const { id, name, avatar, handle = '' } = person
  return (
    <li>
      <a class="conversation" href={hashOf({ name: 'with', handle })} data-roving={id} tabIndex={tabIndex}>
        <span class="avatar-place">
          <Avatar id={id} name={name} src={avatar} />
        </span>
        <span class="conversation-name">
          <bdi>{name}</bdi>
        </span>
        <span class="conversation-preview">
          <bdi>{texts.handleOf(handle)}</bdi>
        </span>
      </a>
    </li>
  )
}

/** One message, in the place in which it is. A click leads there. */
function FoundMessage({
  hit,
  now,
  tabIndex,
}: {
  readonly hit: MessageHit
  readonly now: number
  readonly tabIndex: 0 | -1
}) {
  const state = useChat()
  const { conversation, seq, from, at } = hit
  const peer = state.conversations.value.find(({ id }) => id === conversation)?.peer
  const { kind, id, name, src } = faceOf(state, { id: conversation, peer })
  return (
    <li>
      <a
        class="conversation"
        href={hashOf({ name: 'conversation', id: conversation, at: seq })}
        data-roving={keyOf(hit)}
        tabIndex={tabIndex}
      >
        <span class="avatar-place">
          <Avatar id={id} name={name} src={src} />
        </span>
        <span class="conversation-name">
          <bdi>{name}</bdi>
        </span>
        <time dateTime={new Date(at).toISOString()} title={exactTime(at)}>
          {listTime(at, now)}
        </time>
        <span class="found-text" dir="auto">
          {from === state.user ? t.own : kind === 'group' && t.from(state.nameOf(from))}
          <Piece hit={hit} />
        </span>
      </a>
    </li>
  )
}

/** A piece of a message, with the words that match marked. */
function Piece({ hit: { text, matches, cut, hasFile } }: { readonly hit: MessageHit }) {
  if (text === '') return <>{hasFile ? t.file : texts.list.otherKind}</>
  const ends = [0, ...matches.map(([, to]) => to)]
  return (
    <>
      {cut[0] && t.cut}
      {matches.map(([from, to], index) => (
        <Fragment key={from}>
          {text.slice(ends[index], from)}
          <mark>{text.slice(from, to)}</mark>
        </Fragment>
      ))}
      {text.slice(ends.at(-1))}
      {cut[1] && t.cut}
    </>
  )
}
