import { useLayoutEffect, useRef } from 'preact/hooks'
import type { ReadonlySignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { texts } from '../text/texts.js'
import { Icon } from './icon.js'
import { Later } from './later.js'

/** Longest text that the server takes, UTF-16 units. */
const most = 16_384
const mentioning = () => import('../screens/groups/mentioning.js').then(({ Mentioning }) => Mentioning)

/** Where one writes. Enter sends, Shift and Enter break the line, and a word that is being composed is left alone. */
export function Composer({
  label,
  draft,
  write,
  send,
  later,
  group,
  action = texts.chat.send,
  before,
  beside,
  onUp,
  onEscape,
}: {
  readonly label: string
  readonly draft: ReadonlySignal<string>
  readonly write: (text: string) => void
  readonly send: (text: string) => void
  /** Sends it at a time that is asked for. */
  readonly later?: { readonly label: string; readonly send: (text: string) => void } | undefined
  /** Its members are offered behind an @. */
  readonly group?: string | undefined
  /** What sending is called here. */
  readonly action?: string
  /** Above it: what is answered, or changed. */
  readonly before?: ComponentChildren
  /** At its beginning: what else there is to send. */
  readonly beside?: ComponentChildren
  /** The arrow up, where nothing is written. */
  readonly onUp?: (() => void) | undefined
  readonly onEscape?: (() => void) | undefined
}) {
  const input = useRef<HTMLTextAreaElement>(null)
  const text = draft.value
  const over = text.length - most
  const ready = text.trim() !== '' && over <= 0

  useLayoutEffect(() => {
    const { current: box } = input
    if (!box) return
    box.style.blockSize = 'auto'
    box.style.blockSize = `${box.scrollHeight}px`
  }, [text])

  const clean = () => text.toWellFormed().replaceAll('\0', '').trim()
  function submit(event: Event) {
    event.preventDefault()
    if (ready) send(clean())
    input.current?.focus()
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.defaultPrevented) return
    if (event.key === 'Escape' && onEscape) return onEscape()
    if (event.key === 'ArrowUp' && onUp && text === '') {
      event.preventDefault()
      return onUp()
    }
    // Some browsers end a composition before they tell of its last key, and mark that one by 229.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
    submit(event)
  }

  return (
    <form class="composer" onSubmit={submit}>
      {over > 0 && (
        <p class="field-error" id="composer-error" role="alert">
          {texts.chat.tooLong(over)}
        </p>
      )}
      {group !== undefined && <Later small load={mentioning} props={{ group, input, write }} />}
      {before}
      <div class="composer-box">
        {beside}
        <textarea
          ref={input}
          rows={1}
          dir="auto"
          aria-label={label}
          aria-invalid={over > 0 ? 'true' : undefined}
          aria-describedby={over > 0 ? 'composer-error' : undefined}
          placeholder={texts.chat.placeholder}
          enterkeyhint="send"
          value={text}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        {later && ready && (
          <button
            type="button"
            class="icon-button"
            aria-label={later.label}
            title={later.label}
            onClick={() => later.send(clean())}
          >
            <Icon name="clock" />
          </button>
        )}
        <button type="submit" class="send-button" aria-label={action} aria-disabled={!ready}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  )
}
