import { useEffect, useState } from 'preact/hooks'
import { Icon } from '../../parts/icon.js'
import type { IconName } from '../../parts/icon.js'
import { useModal } from '../../parts/use-modal.js'
import { messageWords } from '../../format/message-words.js'
import { useChat } from '../../state/app-state.js'
import type { Acted } from '../../state/connect-chat.js'
import { actsTexts } from '../../text/acts-texts.js'
import { texts } from '../../text/texts.js'

const t = actsTexts.menu

/** What there is to do with a message beside reacting. */
export type Doing = keyof typeof icons
const icons = {
  reply: 'reply',
  thread: 'thread',
  copy: 'copy',
  edit: 'pencil',
  forward: 'forward',
  pin: 'pin',
  unpin: 'pin',
  closePoll: 'check',
  details: 'info',
  remove: 'bin',
  deleteForAll: 'bin',
} as const satisfies Record<string, IconName>

const quick = ['👍', '❤️', '😂', '😮', '😢', '🙏']
const more =
  '👎 👏 🙌 👋 🤝 💪 🔥 ⭐ 🎉 🎂 💯 ✅ ❌ ❓ 👀 💡 😀 😅 😊 😍 😘 😎 🤔 🙄 😴 😭 😡 🤯 🥳 🤗 🫶 💔 💚 ☕ 🍕 🌞 🌈 🐶 🐱 🚀'.split(
    ' ',
  )

/** All that there is to do with a message: a sheet on phones, else beside the message. */
export function MessageMenu({
  acted,
  at,
  offered,
  react,
  choose,
  close,
}: {
  readonly acted: Acted
  /** Where it was asked for. */
  readonly at: HTMLElement
  readonly offered: readonly Doing[]
  /** Nothing, where one cannot. */
  readonly react: ((emoji: string, on: boolean) => void) | undefined
  readonly choose: (doing: Doing) => void
  readonly close: () => void
}) {
  const { user, nameOf } = useChat()
  const dialog = useModal()
  const [all, setAll] = useState(false)
  const { message, reactions } = acted
  const mine = new Set(reactions.filter(({ users }) => users.includes(user)).map(({ emoji }) => emoji))

  useEffect(() => {
    if (dialog.current) place(dialog.current, at)
  }, [all])

  function end(then: () => void) {
    dialog.current?.close()
    then()
  }
  const button = (emoji: string) => (
    <li key={emoji}>
      <button
        type="button"
        class="emoji"
        aria-pressed={mine.has(emoji)}
        onClick={() => end(() => react?.(emoji, !mine.has(emoji)))}
      >
        {emoji}
      </button>
    </li>
  )
  return (
    <dialog
      ref={dialog}
      class="dialog message-menu"
      aria-label={message.own ? t.ownLabel : t.label(nameOf(message.from))}
      onClose={close}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
      onKeyDown={(event) => move(event)}
    >
      <p class="menu-message" dir="auto">
        {acted.deleted ? texts.list.deleted : messageWords(message)}
      </p>
      {react && (
        <ul class="emojis" role="list" aria-label={t.quick}>
          {quick.map(button)}
          {all ? (
            more.map(button)
          ) : (
            <li>
              <button type="button" class="emoji" aria-label={t.more} title={t.more} onClick={() => setAll(true)}>
                <Icon name="plus" />
              </button>
            </li>
          )}
        </ul>
      )}
      <ul class="menu-rows" role="list">
        {offered.map((doing) => (
          <li key={doing}>
            <button type="button" data-danger={icons[doing] === 'bin'} onClick={() => end(() => choose(doing))}>
              <Icon name={icons[doing]} />
              {t[doing]}
            </button>
          </li>
        ))}
        <li class="narrow-only">
          <button type="button" onClick={() => dialog.current?.close()}>
            <Icon name="close" />
            {texts.cancel}
          </button>
        </li>
      </ul>
    </dialog>
  )
}

/** Beside what it belongs to, and within the window; on phones the styles put it at the bottom. */
function place(dialog: HTMLElement, at: HTMLElement) {
  const gap = 8
  const { left, right, top, bottom } = at.getBoundingClientRect()
  const { width, height } = dialog.getBoundingClientRect()
  const x = (left + right) / 2 > innerWidth / 2 ? right - width : left
  const y = bottom + height + gap > innerHeight ? top - height - gap : bottom + gap
  const within = (value: number, most: number) => `${Math.max(gap, Math.min(value, most - gap))}px`
  dialog.style.setProperty('--menu-x', within(x, innerWidth - width))
  dialog.style.setProperty('--menu-y', within(y, innerHeight - height))
}

/** Arrows go through all buttons, as well as Tab does. */
function move(event: KeyboardEvent) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key]
  if (step === undefined) return
  event.preventDefault()
  const buttons = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('button')]
  const shown = buttons.filter((one) => one.offsetParent)
  const next = shown.indexOf(document.activeElement as HTMLElement) + step
  shown[(next + shown.length) % shown.length]?.focus()
}
