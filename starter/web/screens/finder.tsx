import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../parts/icon.js'
import { useChat } from '../state/app-state.js'
import { bareHandle, hashOf } from '../state/route.js'
import { codeOf, errorText } from '../text/error-text.js'
import { texts } from '../text/texts.js'

/** Narrows the list while one writes, looks for messages, and finds a person by their exact handle. */
export function Finder({ sought, setSought }: { readonly sought: string; readonly setSought: (text: string) => void }) {
  const { chat, people } = useChat()
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const words = bareHandle(sought)
  // Handles are one word.
  const handle = /\s/u.test(words) ? '' : words
  useEffect(() => setProblem(undefined), [sought])

  async function find(event: Event) {
    event.preventDefault()
    if (!handle || busy) return
    setBusy(true)
    try {
      const person = people.byHandle(handle) ?? (await chat.auth.find({ handle }))
      people.learn(person)
      setSought('')
      location.hash = hashOf({ name: 'with', handle: person.handle ?? handle })
    } catch (error) {
      setProblem(codeOf(error) === 'NATTER_NOT_AVAILABLE' ? texts.list.nobody(handle) : errorText(error))
      input.current?.focus()
    } finally {
      setBusy(false)
    }
  }

  return (
    <form class="finder" role="search" onSubmit={(event) => void find(event)}>
      <div class="finder-box">
        <Icon name="search" />
        <input
          ref={input}
          aria-label={texts.list.findLabel}
          aria-invalid={problem ? 'true' : undefined}
          aria-describedby={problem ? 'finder-problem' : undefined}
          placeholder={texts.list.findPlaceholder}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          enterkeyhint="search"
          maxLength={200}
          value={sought}
          onInput={(event) => setSought(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setSought('')
          }}
        />
        {sought !== '' && (
          <button
            type="button"
            class="icon-button"
            aria-label={texts.list.clear}
            onClick={() => {
              setSought('')
              input.current?.focus()
            }}
          >
            <Icon name="close" />
          </button>
        )}
      </div>
      {problem && (
        <p class="field-error" id="finder-problem" role="alert">
          {problem}
        </p>
      )}
      {handle !== '' && !problem && (
        <button type="submit" class="find-action" aria-disabled={busy}>
          {busy ? texts.list.finding(handle) : texts.list.findAction(handle)}
          <Icon name="chevron" />
        </button>
      )}
    </form>
  )
}
