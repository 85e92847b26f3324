import { groups } from '@natter/groups'
import { cpuOf, heapInUse, inProcessChat } from './in-process-chat.js'
import { roomId, text, userId } from './names.js'

// The process of a group with many members: what a message, a joining and a look at what is unread cost there.

export interface GroupPlan {
  readonly url: string
  readonly members: number
  readonly times: number
}
export interface GroupTold {
  /** CPU time of a message with ten members connected, of a joining, and of a member's look at what is unread, µs. */
  readonly send: number
  readonly join: number
  readonly unread: number
  /** JavaScript heap that the group takes, bytes per member. */
  readonly heap: number
}

const connected = 10
const chunk = 1_000
const settings = {
  name: 'Bench',
  avatar: '',
  topic: '',
  announcement: '',
  welcome: '',
  door: 'open',
  history: 'join',
  standard: 'member',
  membersInvite: true,
  muted: false,
  slowMs: 0,
}

async function measure({ url, members, times }: GroupPlan): Promise<GroupTold> {
  const { chat, storage, device } = await inProcessChat(url, [groups({ members: 1_000_000 })])
  const users = Array.from({ length: members }, (_, i) => userId(i))
  const entry = (clientId: string, body: object) => ({
    conversation: roomId,
    from: 'system',
    clientId,
    at: Date.now(),
    body: JSON.stringify(body),
    digest: 'none',
    counts: false,
  })
  const event = { what: 'created', by: users[0], kind: 'group', settings }
  // As the plugin makes it; but who comes in comes in crowds, or a hundred thousand would take minutes.
  await storage.log.append({
    ...entry('created', { type: 'group', event, version: 1, before: 0 }),
    open: { kind: 'group', members: [users[0]!] },
  })
  for (let from = 1; from < members; from += chunk) {
    const join = users.slice(from, from + chunk).map((user) => ({ user }))
    await storage.log.append({ ...entry(`crowd-${from}`, { type: 'text', text }), members: { join } })
  }
  const heapBefore = await heapInUse()
  const devices = await Promise.all(users.slice(0, connected).map(device))
  const send = async (count: number) => {
    for (let i = 0; i < count; i++) await chat.as(users[i % connected]!).send(roomId, { text })
  }
  await send(times)
  const heap = ((await heapInUse()) - heapBefore) / members
  const sending = await cpuOf(() => send(times))
  const unread = await cpuOf(async () => {
    for (let i = 0; i < times; i++) await storage.log.state(users[i % connected]!, roomId)
  })
  const newcomers: Awaited<ReturnType<typeof device>>[] = []
  for (let i = 0; i < times / 10; i++) newcomers.push(await device(userId(members + i)))
  const joining = await cpuOf(async () => {
    for (const each of newcomers) await each.request('groups.join', { group: roomId })
  })
  for (const each of [...devices, ...newcomers]) each.drop()
  await chat.stop()
  return { send: sending / times, join: joining / newcomers.length, unread: unread / times, heap }
}

process.once('disconnect', () => process.exit())
process.send!(await measure(JSON.parse(process.argv[2]!) as GroupPlan))
