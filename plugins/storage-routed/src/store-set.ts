import type { Kv } from '@natter/core/contract'
import { newId } from '@natter/core'
import { RoutedErrors } from './errors.js'

/** What each store keeps of the set of stores that it belongs to. */
interface Note {
  /** Random, the same in all. */
  readonly set: string
  /** The name of this store in it. */
  readonly me: string
  /** The names of those that had joined, as far as this one knows. */
  readonly all: readonly string[]
  /** When the set began, ms. */
  readonly since: number
  /** The set that this one follows, while not all know of it: with an accepted store begins another. */
  readonly follows?: string
}
export interface SetParts {
  /** Where each store keeps its note. */
  readonly notes: ReadonlyMap<string, Kv>
  readonly accept: Readonly<Record<string, string>>
  readonly now: number
}

const key = 'set'
const tries = 100
const day = (ms: number) => new Date(ms).toISOString().slice(0, 10)

/**
 * Holds the stores against each other: all know the set, which is drawn at the first start. A store that joins gets its
 * note before the others hear of it, so a start that is broken off is gone on with by the next.
 *
 * @returns The stores that were accepted by name just now.
 * @throws STORAGE_ROUTED_STRANGERS
 */
export async function settleSet(parts: SetParts): Promise<ReadonlySet<string>> {
  for (let i = 0; i < tries; i++) {
    const accepted = await settle(parts)
    if (accepted) return accepted
  }
  throw RoutedErrors.STRANGERS({ message: 'The stores were joined by others all the time. Start again.' })
}

/** Nothing where another process was faster. */
async function settle(parts: SetParts): Promise<ReadonlySet<string> | undefined> {
  const { notes, now } = parts
  const found = await readAll(notes)
  // two looks that saw the same saw one moment, and not one store before and one after another process
  if (JSON.stringify([...found]) !== JSON.stringify([...(await readAll(notes))])) return undefined

  const accepted = acceptedOf(parts, found)
  const members = [...found].flatMap(([name, note]) => (note && !accepted.has(name) ? [{ name, note }] : []))
  const known = new Set(members.flatMap(({ note }) => note.all))
  checkSets(members)
  await checkMissing(parts, found, known)

  const { set, since, follows } = nextSet(members, accepted, now)
  for (const [name, kv] of notes) {
    if (members.some((member) => member.name === name)) continue
    known.add(name)
    const note: Note = { set, me: name, all: [...known].sort(), since, ...(follows && { follows }) }
    if (found.get(name) !== undefined) await kv.set(key, JSON.stringify(note))
    else if (!(await kv.add(key, JSON.stringify(note)))) return undefined
    found.set(name, note)
  }
  const all = [...notes.keys()].sort()
  const old = members.filter(({ note }) => note.set !== set).map(({ name }) => name)
  // as long as one says what the set follows, those that are of the earlier one belong to it
  for (const name of [...old, ...all.filter((each) => !old.includes(each))]) {
    const note = JSON.stringify({ set, me: name, all, since } satisfies Note)
    if (note !== JSON.stringify(found.get(name))) await notes.get(name)!.set(key, note)
  }
  return accepted
}

/** The set of the members, the one that follows it where a store is accepted, or the first. */
function nextSet(
  members: readonly Member[],
  accepted: ReadonlySet<string>,
  now: number,
): Pick<Note, 'set' | 'since' | 'follows'> {
  const following = members.find(({ note }) => note.follows !== undefined)?.note
  if (following) return following
  const first = members[0]?.note
  if (first && accepted.size === 0) return first
  return { set: newId(), since: now, ...(first && { follows: first.set }) }
}

async function readAll(notes: SetParts['notes']): Promise<Map<string, Note | undefined>> {
  return new Map(await Promise.all([...notes].map(async ([name, kv]) => [name, await read(kv)] as const)))
}

async function read(kv: Kv): Promise<Note | undefined> {
  const text = await kv.get(key)
  return text === undefined ? undefined : (JSON.parse(text) as Note)
}

/** The word by which a store is accepted is its set: from then on it is of another, so the word may stay where it was written. */
function acceptedOf({ accept }: SetParts, found: ReadonlyMap<string, Note | undefined>): ReadonlySet<string> {
  return new Set([...found].flatMap(([name, note]) => (note && accept[name] === note.set ? [name] : [])))
}

type Member = { readonly name: string; readonly note: Note }

function checkSets(members: readonly Member[]): void {
  const follows = new Map(members.map(({ note }) => [note.follows, note.set]))
  const setOf = ({ set }: Note) => follows.get(set) ?? set
  const [first] = members
  const other = members.find(({ note }) => first && setOf(note) !== setOf(first.note))
  if (first && other) {
    const said = (member: Member) => `"${member.name}" is of a set of ${day(member.note.since)}`
    throw strangers(`${said(first)}, ${said(other)}, which is another`, other.name, other.note.set)
  }
  const renamed = members.find(({ name, note }) => note.me !== name)
  if (!renamed) return
  const { name, note } = renamed
  throw strangers(`the database given as "${name}" is the one that was "${note.me}"`, name, note.set)
}

async function checkMissing(
  { notes, accept, now }: SetParts,
  found: ReadonlyMap<string, Note | undefined>,
  known: ReadonlySet<string>,
): Promise<void> {
  for (const name of known) {
    const kv = notes.get(name)
    if (!kv) {
      if (accept[name] === 'gone') continue
      throw strangers(`"${name}" belongs to them and is not listed`, name, 'gone')
    }
    if (found.get(name) !== undefined) continue
    throw strangers(`the database given as "${name}" is new to them, or was emptied`, name, await mark(kv, name, now))
  }
}

/** Makes an empty store that is found where another is missed one of a set of its own, so that it can be told from the next. */
async function mark(kv: Kv, name: string, now: number): Promise<string> {
  const note: Note = { set: newId(), me: name, all: [name], since: now }
  return (await kv.add(key, JSON.stringify(note))) ? note.set : ((await read(kv))?.set ?? note.set)
}

function strangers(what: string, name: string, word: string): Error {
  return RoutedErrors.STRANGERS({
    message:
      `The stores do not belong together: ${what}.\n` +
      `  Check the addresses. If it is meant so, what the others refer to may be missing: accept: { '${name}': '${word}' }.`,
  })
}
