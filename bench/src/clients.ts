import type { LoadPlan } from './load-generator.js'
import { address, clientId, roomId, text, userId } from './names.js'
import type { Person } from './people.js'

type Clients = Omit<LoadPlan, 'port'>

const line = (index: number, ...columns: readonly string[]) => [address(index), ...columns].join('\t')
const lines = (count: number, of: (index: number) => string) => Array.from({ length: count }, (_, index) => of(index))
/** 0 and 1 are neighbours, and so on. */
const neighbour = (index: number) => index ^ 1

/** What is the same for all clients that speak Natter's frames. */
export const natterFrames = {
  path: '/chat/ws',
  protocol: 'natter.1',
  acks: ['["a"', '["r"', '["ok"'],
  deliveries: ['["m"'],
  refusal: '["no"',
} as const

const hello = (index: number) => JSON.stringify(['hello', { token: userId(index) }])

/** Clients that write to their neighbour. */
export const natterPairs = (count: number): Clients => ({
  ...natterFrames,
  expects: ['["welcome"'],
  clients: lines(count, (i) => {
    const to = JSON.stringify({ user: userId(neighbour(i)) })
    return line(i, hello(i), `["s",{n},${to},"${clientId(i)}",${JSON.stringify({ text })}]`)
  }),
})

/** Clients that write into one conversation of all. */
export const natterRoom = (count: number): Clients => ({
  ...natterFrames,
  expects: ['["welcome"'],
  clients: lines(count, (i) => line(i, hello(i), `["s",{n},"${roomId}","${clientId(i)}",${JSON.stringify({ text })}]`)),
})

/** Clients that read a page of the room's history. */
export const natterReaders = (count: number, before: number): Clients => ({
  ...natterFrames,
  expects: ['["welcome"'],
  clients: lines(count, (i) =>
    line(i, hello(i), `["q",{n},"offline.page",${JSON.stringify({ conversation: roomId, before, limit: 50 })}]`),
  ),
})

/** Clients that come back with what they hold, and do nothing more. */
export const returning = (people: readonly Person[], by: 'token' | 'ticket'): Clients => ({
  ...natterFrames,
  expects: ['["welcome"'],
  clients: people.map((person, i) => line(i, JSON.stringify(['hello', { [by]: person[by] }]))),
})

/** Clients that come back by ticket, ask what changed, and fetch it. */
export const resuming = (people: readonly Person[]): Clients => ({
  ...natterFrames,
  expects: ['["welcome"', '["ok",1', '["ok",2'],
  clients: people.map(({ device, ticket, cursor, conversation, after, holds }, i) =>
    line(
      i,
      JSON.stringify(['hello', { ticket, device }]),
      `["q",1,"offline.sync",${JSON.stringify({ cursor })}]`,
      `["q",2,"offline.page",${JSON.stringify({ conversation, after, holds, limit: 50 })}]`,
    ),
  ),
})

/** Clients that say who they are to whoever takes any name for it. */
export const greeting = (count: number): Clients => ({
  ...natterFrames,
  expects: ['["welcome"'],
  clients: lines(count, (i) => line(i, hello(i))),
})

/** Clients that do nothing but connect. */
export const upgradesOnly = (count: number): Clients => ({
  path: '/chat/ws',
  protocol: 'natter.1',
  clients: lines(count, (i) => line(i)),
})

/** The first frame is Engine.IO's handshake, then the namespace is entered, then we say who we are. */
const socketIo = (event: string, count: number, columns: (index: number) => readonly [string, string]): Clients => ({
  path: '/socket.io/?EIO=4&transport=websocket',
  expects: ['0', '40', '430'],
  acks: ['43'],
  deliveries: ['42["message"'],
  clients: lines(count, (i) => {
    const [first, fields] = columns(i)
    const message = `{"id":"${clientId(i)}",${fields}"text":${JSON.stringify(text)}}`
    return line(i, '', '40', `420${first}`, `421{n}["${event}",${message}]`)
  }),
})

export const socketIoPairs = (count: number): Clients =>
  socketIo('direct', count, (i) => [JSON.stringify(['hello', userId(i)]), `"to":"${userId(neighbour(i))}",`])

export const socketIoRoom = (count: number): Clients => socketIo('room', count, () => ['["join"]', ''])
