import { useState } from 'preact/hooks'

const selector = '[data-roving]'

/**
 * One tab stop for a whole list: arrow keys, Home and End move within it. Items carry `data-roving={key}` and the tab
 * index that `tabIndex` gives.
 *
 * @param standIn The key that has the tab stop while nothing was focused, or what was focused is gone.
 */
export function useRoving(keys: readonly string[], standIn: string | undefined) {
  const [focused, setFocused] = useState<string>()
  const active = focused !== undefined && keys.includes(focused) ? focused : standIn

  function onKeyDown(event: KeyboardEvent) {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    const list = event.currentTarget as HTMLElement
    const items = [...list.querySelectorAll<HTMLElement>(selector)]
    const at = items.indexOf((event.target as Element).closest<HTMLElement>(selector) as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key]
    if (to === undefined || at < 0) return
    event.preventDefault()
    const item = items[Math.min(Math.max(to, 0), items.length - 1)]
    item?.focus({ preventScroll: true })
    item?.scrollIntoView({ block: 'nearest' })
  }

  function onFocusIn(event: FocusEvent) {
    const key = (event.target as Element).closest<HTMLElement>(selector)?.dataset.roving
    if (key !== undefined) setFocused(key)
  }

  return { onKeyDown, onFocusIn, tabIndex: (key: string): 0 | -1 => (key === active ? 0 : -1) }
}
