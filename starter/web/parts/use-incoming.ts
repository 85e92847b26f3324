import { useEffect } from 'preact/hooks'
import { messageWords } from '../format/message-words.js'
import { useChat } from '../state/app-state.js'
import { texts } from '../text/texts.js'
import { useAnnounce } from './announcer.js'

/** What comes within this time is announced in one go, ms. */
const gather = 600
const longest = 200

/** Reads new messages out, politely: one in full, several as a number per person. */
export function useIncoming(): void {
  const { chat, people, standing } = useChat()
  const announce = useAnnounce()
  useEffect(() => {
    let waiting: { readonly from: string; readonly text: string }[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const say = () => {
      timer = undefined
      const byPerson = Map.groupBy(waiting, ({ from }) => from)
      waiting = []
      const lines = [...byPerson].map(([from, messages]) => {
        const name = people.of(from).value?.name ?? texts.unknownPerson
        const [only, more] = messages
        return only && !more
          ? texts.chat.incoming(name, only.text.slice(0, longest))
          : texts.chat.incomingMany(messages.length, name)
      })
      announce(lines.join(' '))
    }
    const stop = chat.on('message', (message) => {
      if (message.from === chat.me.get()?.id || message.from === 'system') return
      if (standing(chat.conversation(message.conversation).info.get()).muted) return
      waiting.push({ from: message.from, text: messageWords(message) })
      timer ??= setTimeout(say, gather)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [chat])
}
