import { once } from 'node:events'
import { setTimeout as after } from 'node:timers/promises'
import { createClient } from '@natter/client'
import { WebSocket } from 'ws'
import { userId } from './names.js'
import { peerOf, StormPerson } from './storm-person.js'
import type { StormSend } from './storm-person.js'

// The process of those whose connections break, all within a second, while they talk.

export interface StormClientsPlan {
  readonly port: number
  readonly people: number
  readonly watched: number
  /** How long they talk before it, and from it on, ms. */
  readonly calmMs: number
  readonly stormMs: number
  /** Each writes so often, ms. */
  readonly everyMs: number
}
/** What a phase of it was, or all of it at the end. */
export type StormSaid =
  | { readonly phase: 'calm' | 'storm' | 'quiet' }
  | {
      readonly phase: 'done'
      readonly given: number
      readonly acked: number
      /** Acknowledged, and not found afterwards or not shown to one of the two. */
      readonly lost: number
      /** Found or shown twice. */
      readonly duplicated: number
      /** Until everybody was back, s. */
      readonly back: number
      /** Of sends with a connection, ms: in calm, and from the moment at which the connections broke. */
      readonly calmAck: number
      readonly stormAck: number
      /** Changes of presence told, and typing said and told, from that moment on. */
      readonly changes: number
      readonly typed: number
      readonly typing: number
    }

const cutMs = 1_000
/** What the first messages set off is over after so long, ms. */
const settleMs = 3_000
const patienceMs = 120_000
const together = 50

const say = (said: StormSaid) => void process.send!(said)

async function until(met: () => boolean, what: string): Promise<void> {
  for (const end = performance.now() + patienceMs; !met(); await after(20)) {
    if (performance.now() > end) throw new Error(`${what}: not within ${patienceMs / 1_000} s`)
  }
}

async function storm({ port, people: count, watched, calmMs, stormMs, everyMs }: StormClientsPlan) {
  const people: StormPerson[] = []
  for (let i = 0; i < count; i++) {
    people.push(new StormPerson(port, i, watched, count))
    if (i % together === together - 1) await until(() => people.every(({ online }) => online), 'first connections')
  }
  await until(() => people.every(({ online }) => online), 'first connections')
  for (const each of people) each.write()
  await until(() => people.every(({ idle }) => idle), 'first messages')
  await after(settleMs)
  const talking = people.map((each, i) => {
    let timer = setTimeout(
      function again() {
        each.write()
        timer = setTimeout(again, everyMs)
      },
      (i * 7_919) % everyMs,
    )
    return () => clearTimeout(timer)
  })

  say({ phase: 'calm' })
  await after(calmMs)
  const told = () => ({
    changes: sum(people, ({ changes }) => changes),
    typed: sum(people, ({ typed }) => typed),
    typing: sum(people, ({ typing }) => typing),
  })
  const before = told()
  say({ phase: 'storm' })
  const began = performance.now()
  for (const [i, each] of people.entries()) setTimeout(() => each.cut(), (i * 7_919) % cutMs)
  await after(cutMs)
  await until(() => people.every(({ online }) => online), 'back again')
  const back = performance.now() - began
  await after(Math.max(0, stormMs - back))
  for (const end of talking) end()
  const shownAll = () => people.every((each, i) => each.shown.size >= each.sends.size + people[peerOf(i)]!.sends.size)
  // What is missing when the wait is over is in the figures: unacknowledged, or lost.
  await until(() => people.every(({ idle }) => idle) && shownAll(), 'all sent and shown').catch(() => undefined)
  const after_ = told()
  say({ phase: 'quiet' })

  const sends = people.flatMap((each) => [...each.sends.values()])
  const within = (inCalm: boolean) => sends.filter((send) => send.online && send.at < began === inCalm)
  const { lost, duplicated } = await compare(port, people)
  say({
    phase: 'done',
    given: sends.length,
    acked: sends.filter(({ acked }) => acked !== undefined).length,
    lost,
    duplicated,
    back: back / 1_000,
    calmAck: p99(within(true)),
    stormAck: p99(within(false)),
    changes: after_.changes - before.changes,
    typed: after_.typed - before.typed,
    typing: after_.typing - before.typing,
  })
}

const sum = <T>(all: readonly T[], of: (each: T) => number) => all.reduce((total, each) => total + of(each), 0)

function p99(sends: readonly StormSend[]): number {
  const waits = sends.map(({ at, acked }) => (acked ?? Infinity) - at).toSorted((a, b) => a - b)
  return waits[Math.floor(waits.length * 0.99)] ?? 0
}

/** What was said, with what both were shown and with what somebody finds who knows nothing yet. */
async function compare(port: number, people: readonly StormPerson[]) {
  let [lost, duplicated] = [0, 0]
  for (let i = 0; i < people.length; i += 2) {
    const [one, other] = [people[i]!, people[i + 1]!]
    const found = await fetched(port, i, one.conversation)
    for (const [id, { acked }] of [...one.sends, ...other.sends]) {
      const times = [found.filter((each) => each === id).length, one.shown.get(id) ?? 0, other.shown.get(id) ?? 0]
      if (acked !== undefined && times.includes(0)) lost++
      if (times.some((each) => each > 1)) duplicated++
    }
    for (const each of [one, other]) await each.chat.close()
  }
  return { lost, duplicated }
}

async function fetched(port: number, index: number, conversation: string): Promise<readonly string[]> {
  const chat = createClient({
    url: `http://127.0.0.1:${port}/chat`,
    token: `${userId(index)}:fresh`,
    platform: { WebSocket: WebSocket as never, watch: () => () => undefined, locks: undefined, channel: undefined },
  })
  await chat.connect()
  const shown = chat.conversation(conversation)
  const stop = shown.messages.subscribe(() => undefined)
  while (await shown.loadOlder(200)) continue
  const ids = shown.messages.get().map(({ clientId }) => clientId)
  stop()
  await chat.close()
  return ids
}

process.once('disconnect', () => process.exit())
const [plan] = (await once(process, 'message')) as [StormClientsPlan]
await storm(plan)
