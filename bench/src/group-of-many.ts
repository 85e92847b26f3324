import type { Storage } from '@natter/core/contract'
import { groups } from '@natter/groups'
import { cpuOf } from './cpu-of.js'
import { heapAfterCollection } from './heap.js'
import { inProcessChat } from './in-process-chat.js'
import { roomId, text, userId } from './names.js'

// The process of groups of several sizes: what a message, a joining and a look at what is unread cost in each.

export interface GroupPlan {
  readonly url: string
  readonly sizes: readonly number[]
  readonly times: number
}
/** For each size. */
export type GroupTold = readonly {
  /** CPU time of a message with ten members connected, of a joining, and of a member's look at what is unread, µs. */
  readonly send: number
  readonly join: number
  readonly unread: number
  /** What the process keeps of a group in which somebody talks and somebody comes in, bytes for each member. */
  readonly memory: number
}[]

const connected = 10
const chunk = 1_000
/** So much is said before it is looked what is kept of a group. */
const words = 20
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

async function measure({ url, sizes, times }: GroupPlan): Promise<GroupTold> {
  const { chat, storage, device } = await inProcessChat(url, [groups({ members: 1_000_000 })])
  const names = Array.from({ length: Math.max(...sizes) }, (_, i) => userId(i))
  // Texts put together from others are kept in pieces until they are read: that would be seen in the memory.
  const users = JSON.parse(JSON.stringify(names)) as typeof names
  const devices: Awaited<ReturnType<typeof device>>[] = []
  for (const user of users.slice(0, connected)) devices.push(await device(user))
  const strangers: Awaited<ReturnType<typeof device>>[] = []
  for (let i = 0; i < times / 5; i++) strangers.push(await device(userId(users.length + i)))
  const [first, newcomers] = [strangers.slice(0, times / 10), strangers.slice(times / 10)]
  const roomOf = (size: number) => `${roomId}-${size}`
  const send = async (size: number) => {
    for (let i = 0; i < times; i++) await chat.as(users[i % connected]!).send(roomOf(size), { text })
  }
  const look = async (size: number) => {
    for (let i = 0; i < times; i++) await storage.log.state(users[i % connected]!, roomOf(size))
  }
  const join = async (size: number, who: typeof strangers) => {
    for (const each of who) await each.request('groups.join', { group: roomOf(size) })
  }
  const kept: number[] = []
  for (const size of sizes) {
    const before = await heapAfterCollection()
    await makeGroup(storage, roomOf(size), users.slice(0, size))
    await join(size, first.slice(0, 1))
    for (let i = 0; i < words; i++) await chat.as(users[i % connected]!).send(roomOf(size), { text })
    kept.push(((await heapAfterCollection()) - before) / size)
    await send(size)
    await look(size)
    await join(size, first.slice(1))
  }
  const told = []
  for (const [i, size] of sizes.entries()) {
    const sending = await cpuOf(() => send(size))
    const looking = await cpuOf(() => look(size))
    const joining = await cpuOf(() => join(size, newcomers))
    told.push({ send: sending / times, join: joining / newcomers.length, unread: looking / times, memory: kept[i]! })
  }
  for (const each of [...devices, ...strangers]) each.drop()
  await chat.stop()
  return told
}

/** As the plugin makes it; but who comes in comes in crowds, or a hundred thousand would take minutes. */
async function makeGroup(storage: Pick<Storage, 'log'>, conversation: string, users: readonly string[]) {
  const entry = (clientId: string, body: object) => ({
    conversation,
    from: 'system',
    clientId,
    at: Date.now(),
    body: JSON.stringify(body),
    digest: 'none',
    counts: false,
  })
  const event = { what: 'created', by: users[0], kind: 'group', settings }
  await storage.log.append({
    ...entry('created', { type: 'group', event, version: 1, before: 0 }),
    open: { kind: 'group', members: [users[0]!] },
  })
  for (let from = 1; from < users.length; from += chunk) {
    const join = users.slice(from, from + chunk).map((user) => ({ user }))
    await storage.log.append({ ...entry(`crowd-${from}`, { type: 'text', text }), members: { join } })
  }
}

process.once('disconnect', () => process.exit())
process.send!(await measure(JSON.parse(process.argv[2]!) as GroupPlan))
