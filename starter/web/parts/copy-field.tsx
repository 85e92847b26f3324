import { useId, useRef } from 'preact/hooks'
import { texts } from '../text/texts.js'
import { useAnnounce } from './announcer.js'
import { Icon } from './icon.js'
import { useFlash } from './use-flash.js'

/** A text that one can copy or share, and select by hand where a browser refuses both. */
export function CopyField({
  label,
  value,
  copied,
  shareText,
}: {
  readonly label: string
  readonly value: string
  readonly copied: string
  readonly shareText?: string
}) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const announce = useAnnounce()
  const [done, flash] = useFlash()

  async function copy() {
    try {
      await navigator.clipboard.writeText(value)
      flash()
      announce(copied)
    } catch {
      input.current?.focus()
      input.current?.select()
    }
  }

  return (
    <div class="copy-field">
      <label for={id}>{label}</label>
      <div class="copy-row">
        <input ref={input} id={id} value={value} readonly onFocus={(event) => event.currentTarget.select()} />
        <button type="button" class="button" onClick={() => void copy()}>
          <Icon name={done ? 'check' : 'copy'} />
          {done ? texts.copied : texts.copy}
        </button>
        {'share' in navigator && shareText && (
          <button
            type="button"
            class="button"
            // Whoever closes the system's sheet has changed their mind; that is no error.
            onClick={() => void navigator.share({ text: shareText, url: value }).catch(() => undefined)}
          >
            <Icon name="share" />
            {texts.share}
          </button>
        )}
      </div>
    </div>
  )
}
