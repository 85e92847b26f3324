import { useEffect } from 'preact/hooks'
import { useChat } from '../state/app-state.js'
import type { Route } from '../state/route.js'
import { texts } from '../text/texts.js'

/** Keeps the window's title: how much is unread, and where one is. */
export function usePageTitle(route: Route): void {
  const { unread, people } = useChat()
  const count = unread.value
  const name = route.name === 'with' ? (people.byHandle(route.handle)?.name ?? texts.handleOf(route.handle)) : undefined
  useEffect(() => {
    const title = name === undefined ? texts.brand : texts.titleWith(name)
    document.title = count > 0 ? texts.titleUnread(count, title) : title
    return () => void (document.title = texts.brand)
  }, [count, name])
}
