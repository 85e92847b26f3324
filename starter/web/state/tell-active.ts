import type { ReadonlySignal } from '@preact/signals'
import type { Chat } from './connect-chat.js'

/** Tells the server whether somebody looks at the page: else the person is shown as away. Said again with each connection. */
export function tellActive(
  { presence }: Pick<Chat, 'presence'>,
  status: ReadonlySignal<ReturnType<Chat['status']['get']>>,
): () => void {
  const kind = matchMedia('(pointer: coarse)').matches ? 'mobile' : 'web'
  const tell = () => {
    if (status.peek().link !== 'online') return
    presence.active({ active: document.visibilityState === 'visible', kind }).catch(() => undefined)
  }
  document.addEventListener('visibilitychange', tell)
  const stop = status.subscribe(tell)
  return () => {
    stop()
    document.removeEventListener('visibilitychange', tell)
  }
}
