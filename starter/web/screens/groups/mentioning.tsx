import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { mentionBegun } from '../../format/mentions.js'
import { mentionListId } from './mention-list-id.js'
import { MentionMenu } from './mention-menu.js'

/** Completes the mention that is being written in a field where the caret is. The field keeps the focus. */
export function Mentioning({
  group,
  input,
  write,
}: {
  readonly group: string
  readonly input: RefObject<HTMLTextAreaElement | null>
  readonly write: (text: string) => void
}) {
  const [begun, setBegun] = useState<string>()
  /** The list hears of keys first; `true`: it used this one. */
  const keys = useRef<(event: KeyboardEvent) => boolean>(undefined)
  const end = () => setBegun(undefined)

  function pick(handle: string) {
    const { current: box } = input
    if (!box) return
    const written = beforeCaret(box)
    const start = `${written.slice(0, written.length - (mentionBegun(written)?.length ?? 0))}${handle} `
    box.value = start + box.value.slice(written.length)
    box.setSelectionRange(start.length, start.length)
    write(box.value)
    end()
    box.focus()
  }
  useEffect(() => {
    const { current: box } = input
    if (!box) return undefined
    const look = () => setBegun(mentionBegun(beforeCaret(box)))
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.isComposing || !keys.current) return
      const used = event.key === 'Escape' || keys.current(event)
      if (event.key === 'Escape') end()
      if (used) event.preventDefault()
    }
    box.setAttribute('aria-autocomplete', 'list')
    box.addEventListener('input', look)
    box.addEventListener('blur', end)
    // Before the field itself hears of the key, and sends.
    box.addEventListener('keydown', onKeyDown, { capture: true })
    return () => {
      box.removeEventListener('input', look)
      box.removeEventListener('blur', end)
      box.removeEventListener('keydown', onKeyDown, { capture: true })
    }
  }, [])

  function setActive(id: string | undefined) {
    for (const [name, value] of [
      ['aria-activedescendant', id],
      ['aria-controls', id && mentionListId],
    ] as const) {
      if (value) input.current?.setAttribute(name, value)
      else input.current?.removeAttribute(name)
    }
  }
  if (begun === undefined) return null
  return <MentionMenu group={group} begun={begun} pick={pick} keys={keys} setActive={setActive} />
}

const beforeCaret = (box: HTMLTextAreaElement) =>
  box.selectionStart === box.selectionEnd ? box.value.slice(0, box.selectionStart) : ''
