import { useRef, useState } from 'preact/hooks'
import { useAnnounce } from '../../parts/announcer.js'
import { useChat } from '../../state/app-state.js'
import type { Conversation } from '../../state/connect-chat.js'
import type { Wish } from '../../state/wishes.js'
import { actsTexts } from '../../text/acts-texts.js'
import { errorText } from '../../text/error-text.js'
import { texts } from '../../text/texts.js'

/** So long a wish stays on screen at most after it was answered, where nothing is heard of it, ms. */
const patience = 2_000

/** What one does to the messages of a conversation. */
export interface Acts {
  /** What is under way. */
  readonly wishes: readonly Wish[]
  readonly problem: string | undefined
  /** Says what went wrong; nothing takes it away. */
  tell(problem: string | undefined): void
  /**
   * Does it behind what is under way. What is wished is shown at once, and until the conversation has told what came of it.
   *
   * @returns Whether it was done.
   */
  act(what: () => Promise<unknown>, words?: string, wish?: Wish): Promise<boolean>
}

export function useActs(conversation: Conversation): Acts {
  const { status } = useChat()
  const [wishes, setWishes] = useState<readonly Wish[]>([])
  const [problem, tell] = useState<string>()
  const before = useRef<Promise<unknown>>(Promise.resolve())
  const announce = useAnnounce()

  async function run(what: () => Promise<unknown>, words: string | undefined, wish: Wish | undefined) {
    const { head } = conversation.info.get()
    const done = before.current.then(what)
    before.current = done.catch(() => undefined)
    try {
      await done
      if (words) announce(words)
      if (wish) await heard(conversation, head)
      return true
    } catch (error) {
      tell(errorText(error, actsTexts.errors))
      return false
    } finally {
      setWishes((all) => all.filter((one) => one !== wish))
    }
  }
  return {
    wishes,
    problem,
    tell,
    act(what, words, wish) {
      const { link } = status.peek()
      tell(undefined)
      // It could wait for half a minute and then fail: that it does not work now is said now.
      if (link !== 'online' && link !== 'resyncing') {
        tell(texts.errors.CLIENT_OFFLINE)
        return Promise.resolve(false)
      }
      if (wish) setWishes((all) => [...all, wish])
      return run(what, words, wish)
    },
  }
}

/** Resolves once a conversation has gone on from here. */
const heard = ({ info }: Conversation, head: number) =>
  new Promise<void>((resolve) => {
    const end = () => {
      stop()
      clearTimeout(timer)
      resolve()
    }
    const look = () => info.get().head > head && end()
    const timer = setTimeout(end, patience)
    const stop = info.subscribe(look)
    look()
  })
