import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

/** Closer to the end than this counts as being there, px. */
const nearEnd = 64
/** Closer to the beginning than this fetches what is before, px. */
const nearStart = 800

interface Item {
  readonly key: string
  readonly own: boolean
}

/**
 * Keeps one's place in a list that grows at both ends: at the end it follows new items, elsewhere what one reads stays
 * where it is, also when older items arrive above it.
 */
export function useScrollPlace(
  scroller: RefObject<HTMLElement | null>,
  items: readonly Item[],
  options: { readonly older: () => void; readonly start: (scroller: HTMLElement) => number | undefined },
) {
  const [atEnd, setAtEnd] = useState(true)
  const [missed, setMissed] = useState(0)
  const place = useRef({ atEnd: true, first: '', last: '' })
  const { current: element } = scroller
  // Taken while rendering: the items are not on the page yet.
  const before = element ? { height: element.scrollHeight, top: element.scrollTop } : undefined

  const look = () => {
    const { current: list } = scroller
    if (!list) return
    const end = list.scrollHeight - list.scrollTop - list.clientHeight < nearEnd
    place.current.atEnd = end
    setAtEnd(end)
    if (end) setMissed(0)
    if (list.scrollTop < nearStart) options.older()
  }
  const jump = (top: number) => {
    scroller.current?.scrollTo({ top, behavior: 'instant' })
    look()
  }
  const toEnd = () => jump(scroller.current?.scrollHeight ?? 0)

  useLayoutEffect(() => {
    const { current: list } = scroller
    const { first, last, atEnd } = place.current
    const [newFirst, newLast] = [items[0], items.at(-1)]
    if (!list || !newFirst || !newLast) return
    place.current.first = newFirst.key
    place.current.last = newLast.key
    const at = items.findIndex(({ key }) => key === last)
    const arrived = at < 0 ? [] : items.slice(at + 1)
    if (last === '' || (at < 0 && !items.some(({ key }) => key === first)))
      return jump(options.start(list) ?? list.scrollHeight)
    if (atEnd || arrived.some(({ own }) => own)) return toEnd()
    if (first !== newFirst.key && before) jump(before.top + list.scrollHeight - before.height)
    setMissed((n) => n + arrived.length)
  }, [items])

  useEffect(() => {
    const { current: list } = scroller
    if (!list) return undefined
    // The keyboard of a phone, a growing composer and a font that arrives late change the size.
    const sizes = new ResizeObserver(() => place.current.atEnd && toEnd())
    sizes.observe(list)
    if (list.firstElementChild) sizes.observe(list.firstElementChild)
    return () => sizes.disconnect()
  }, [])

  return { atEnd, missed, look, toEnd }
}
