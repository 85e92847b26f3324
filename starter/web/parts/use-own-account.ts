import { useEffect, useState } from 'preact/hooks'
import { useApp, useChat } from '../state/app-state.js'
import type { Chat } from '../state/connect-chat.js'

export type OwnAccount = Awaited<ReturnType<Chat['auth']['me']>>

/** What the server says about one's own account, as soon as there is a connection. */
export function useOwnAccount(): OwnAccount | undefined {
  const { changed } = useApp()
  const { chat, status } = useChat()
  const [own, setOwn] = useState<OwnAccount>()
  const connected = status.value.link === 'online'
  useEffect(() => {
    if (!connected) return
    chat.auth.me().then(
      (answer) => {
        setOwn(answer)
        changed(answer)
      },
      // What is remembered stays on screen; the next connection asks again.
      () => undefined,
    )
  }, [chat, connected])
  return own
}
