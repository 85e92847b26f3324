import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Route } from '../state/route.js'

/** Moves the focus with the person: into the page that opens, and back to the conversation that was left. */
export function usePageFocus(route: Route, main: RefObject<HTMLElement | null>): void {
  const left = useRef<HTMLElement | undefined>(undefined)
  const arrived = useRef(false)
  useEffect(() => {
    const first = !arrived.current
    arrived.current = true
    if (route.name === 'home') {
      const back = document.querySelector<HTMLElement>('.conversation[tabindex="0"]')
      if (!first) (left.current?.isConnected ? left.current : back)?.focus()
      return
    }
    const from = document.activeElement
    if (from instanceof HTMLElement && from.matches('[data-roving], .account-link')) left.current = from
    if (main.current) focusPage(main.current)
  }, [route])
}

/** Where one begins on a page: where one writes, or at its title. */
export function focusPage(page: ParentNode): void {
  // A phone's keyboard would cover what one came to read, so only a mouse or a keyboard goes straight to writing.
  const writes = matchMedia('(pointer: fine)').matches
  const goal =
    (writes && page.querySelector<HTMLElement>('.composer textarea')) ||
    page.querySelector<HTMLElement>('[data-page-title]')
  goal?.focus({ preventScroll: true })
}
