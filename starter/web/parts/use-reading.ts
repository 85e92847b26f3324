import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'

/** The seq of the newest message of which the end can be seen. */
function lastSeen(scroller: HTMLElement): number {
  const bottom = scroller.getBoundingClientRect().bottom + 8
  const shown = [...scroller.querySelectorAll<HTMLElement>('[data-seq]')]
  for (const element of shown.reverse()) {
    const seq = Number(element.dataset.seq)
    if (seq > 0 && element.getBoundingClientRect().bottom <= bottom) return seq
  }
  return 0
}

/** Says what was read: only what is on screen, in a window that somebody looks at. Returns how to look again. */
export function useReading(
  scroller: RefObject<HTMLElement | null>,
  newest: number,
  read: (seq: number) => void,
): () => void {
  const look = () => {
    const { current: list } = scroller
    if (!list || newest === 0 || document.visibilityState !== 'visible' || !document.hasFocus()) return
    const seq = lastSeen(list)
    if (seq > 0) read(seq)
  }
  useEffect(() => {
    const frame = requestAnimationFrame(look)
    addEventListener('focus', look)
    document.addEventListener('visibilitychange', look)
    return () => {
      cancelAnimationFrame(frame)
      removeEventListener('focus', look)
      document.removeEventListener('visibilitychange', look)
    }
  })
  return look
}
