import { cpuOf } from './cpu-of.js'
import { inProcessChat } from './in-process-chat.js'
import { text, userId } from './names.js'

// The process of one who comes back to many conversations, all of them unread, and asks for everything.

export interface UnreadPlan {
  readonly url: string
  readonly conversations: number
  readonly times: number
}
export interface UnreadTold {
  /** CPU time of one conversation with its number of unread messages, as it is told in the list, µs. */
  readonly each: number
}

async function comesBack({ url, conversations, times }: UnreadPlan): Promise<UnreadTold> {
  const { chat, device } = await inProcessChat(url, [])
  const me = userId(0)
  for (let i = 1; i <= conversations; i++) {
    for (let message = 0; message < 3; message++) await chat.as(userId(i)).send({ user: me }, { text })
  }
  const list = async () => {
    const mine = await device(me)
    let [unread, cursor] = [0, undefined as string | undefined]
    for (let more = true; more;) {
      const page = await mine.request<Page>('offline.sync', { limit: 200, ...(cursor !== undefined && { cursor }) })
      unread += page.conversations.reduce((sum, each) => sum + each.unread, 0)
      ;({ cursor, more } = page)
    }
    mine.drop()
    if (unread !== conversations * 3) throw new Error(`${unread} messages are unread, not ${conversations * 3}`)
  }
  await list()
  const cpu = await cpuOf(async () => {
    for (let i = 0; i < times; i++) await list()
  })
  await chat.stop()
  return { each: cpu / times / conversations }
}
interface Page {
  readonly cursor: string
  readonly more: boolean
  readonly conversations: readonly { readonly unread: number }[]
}

process.once('disconnect', () => process.exit())
process.send!(await comesBack(JSON.parse(process.argv[2]!) as UnreadPlan))
