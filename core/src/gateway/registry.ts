import { headFrame } from '../pipeline/entry-frame.js'
import type { People } from '../pipeline/people.js'
import type { Bus } from '../services/bus.js'
import type { Connection, Connections } from '../services/connections.js'
import type { Clock } from '../services/clock.js'
import type { Limits } from '../protocol/limits.js'
import type { LiveConnection } from './live-connection.js'
import { textFrame } from './text-frame.js'
import { TokenBucket } from './token-bucket.js'

type Who = Parameters<Connections['disconnect']>[0]

/** The connections of this node, by user, and the way to them from anywhere. */
export class ConnectionRegistry implements Connections {
  readonly #users = new Map<string, LiveConnection[]>()
  readonly #all = new Set<LiveConnection>()
  readonly #messages = new Map<string, TokenBucket>()
  readonly #opens = new Map<string, TokenBucket>()
  readonly #limits: Limits
  readonly #clock: Clock
  readonly #bus: Bus

  constructor(limits: Limits, clock: Clock, bus: Bus) {
    this.#limits = limits
    this.#clock = clock
    this.#bus = bus
    bus.subscribe('core.deliver', (frame) => {
      const { users, text, options } = frame as Delivery
      this.#deliverHere(users, text, options)
    })
    bus.subscribe('core.disconnect', (who) => void this.#disconnectHere(who as Who))
  }

  get size(): number {
    return this.#all.size
  }

  all(): Iterable<LiveConnection> {
    return this.#all
  }

  of(user: string): readonly LiveConnection[] {
    return this.#users.get(user) ?? []
  }

  /** Lets a connection in; of too many of one user the oldest goes. */
  add(connection: LiveConnection): void {
    const mine = this.#users.get(connection.user)
    if (mine) {
      if (mine.length >= this.#limits.socketsPerUser) mine[0]!.close(4409, 'too many connections of this user')
      mine.push(connection)
    } else {
      this.#users.set(connection.user, [connection])
    }
    this.#all.add(connection)
  }

  remove(connection: LiveConnection): void {
    this.#all.delete(connection)
    const rest = this.#users.get(connection.user)?.filter((other) => other !== connection)
    if (!rest || rest.length === 0) this.#users.delete(connection.user)
    else this.#users.set(connection.user, rest)
  }

  /**
   * Hands a frame, encoded once, to all devices of these users on every node; how many of this node it reached. Lists travel
   * to other nodes; those of a large conversation do not: there the log tells of its entries within a second.
   */
  deliver(users: People, text: string, options: DeliverOptions): number {
    if (this.#bus.remote && isList(users)) {
      this.#bus.publish('core.deliver', { users, text, options } satisfies Delivery)
    }
    return this.#deliverHere(users, text, options)
  }

  #deliverHere(users: People, text: string, options: DeliverOptions): number {
    let frame: Buffer | undefined
    let short: Buffer | undefined
    let reached = 0
    // Of the members and the connected, whichever are fewer are gone through.
    const few = isList(users) || users.length <= this.#users.size
    for (const user of few ? users : this.#users.keys()) {
      const connections = this.#users.get(user)
      if (!connections || user === options.exceptUser || (!few && !users.includes(user))) continue
      for (const connection of connections) {
        if (connection.id === options.except || !connection.open) continue
        if (options.exceptDevice !== undefined && connection.device === options.exceptDevice) continue
        if (options.device !== undefined && connection.device !== options.device) continue
        frame ??= textFrame(text)
        if (options.event !== undefined) connection.pushDroppable(frame, options.event)
        else if (options.hint === undefined || !connection.busyReading) connection.push(frame)
        else connection.push((short ??= textFrame(options.hint)))
        reached += 1
      }
    }
    return reached
  }

  get behind(): boolean {
    return (this.#clock.late?.() ?? 0) > this.#limits.lateMs
  }

  push(connection: Connection, event: string, payload: unknown): boolean {
    const live = this.of(connection.user).find(({ id }) => id === connection.id)
    return live?.pushDroppable(textFrame(eventText(event, payload)), event) ?? false
  }

  hint(users: People, conversation: string, seq: number): void {
    this.deliver(users, headFrame(conversation, seq), { except: undefined, hint: undefined })
  }

  async disconnect(who: Who): Promise<number> {
    if (this.#bus.remote) this.#bus.publish('core.disconnect', who)
    return this.#disconnectHere(who)
  }

  #disconnectHere(who: Who): number {
    let closed = 0
    for (const connection of [...this.of(who.user)]) {
      if (who.session !== undefined && connection.session !== who.session) continue
      if (who.device !== undefined && connection.device !== who.device) continue
      if (who.exceptSession !== undefined && connection.session === who.exceptSession) continue
      connection.close(4403, 'the session has ended')
      closed += 1
    }
    return closed
  }

  /** Takes one message from the user's allowance; otherwise the ms to wait. It outlives their connections. */
  mayMessage(user: string): number {
    const { messageBurst, messagesPerSecond } = this.#limits
    return this.#take(this.#messages, user, messageBurst, messagesPerSecond)
  }

  /** Takes one new conversation from the user's allowance; otherwise the ms to wait. */
  mayOpen(user: string): number {
    const { opensPerHour } = this.#limits
    return this.#take(this.#opens, user, opensPerHour, opensPerHour / 3_600)
  }

  #take(buckets: Map<string, TokenBucket>, user: string, burst: number, perSecond: number): number {
    const now = this.#clock.monotonic()
    let bucket = buckets.get(user)
    if (!bucket) buckets.set(user, (bucket = new TokenBucket(burst, now)))
    const wait = bucket.take(now, burst, perSecond)
    // Who waits does not lose by asking.
    if (wait > 0) bucket.refund()
    return wait
  }

  /** Forgets allowances that are full again. */
  sweep(): void {
    const now = this.#clock.monotonic()
    const { messageBurst, messagesPerSecond, opensPerHour } = this.#limits
    for (const [user, bucket] of this.#messages) {
      if (bucket.holds(now, messageBurst, messagesPerSecond)) this.#messages.delete(user)
    }
    for (const [user, bucket] of this.#opens) {
      if (bucket.holds(now, opensPerHour, opensPerHour / 3_600)) this.#opens.delete(user)
    }
  }
}

const isList = (users: People): users is readonly string[] => Array.isArray(users)

interface Delivery {
  readonly users: readonly string[]
  readonly text: string
  readonly options: DeliverOptions
}

export interface DeliverOptions {
  /** The connection that is left out. */
  readonly except: string | undefined
  /** What stands for the frame while a connection is busy reading pages. */
  readonly hint: string | undefined
  /** The name of the event that it is. It may be lost: dropped for who reads slowly. */
  readonly event?: string
  readonly exceptDevice?: string | undefined
  readonly exceptUser?: string | undefined
  readonly device?: string
}

/** The frame of an event. */
export const eventText = (name: string, payload: unknown): string => `["e","${name}",${JSON.stringify(payload)}]`
