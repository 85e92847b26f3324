import type { Admission } from '../kernel/context.js'
import { tellShed } from '../kernel/tracing.js'
import type { Limits } from '../protocol/limits.js'
import type { Connection } from '../services/connections.js'
import type { Peer } from './peer.js'
import { textFrame } from './text-frame.js'
import { TokenBucket } from './token-bucket.js'
import type { Outlet, TurnWriter } from './turn-writer.js'

export interface ConnectionParts {
  readonly limits: Limits
  readonly writer: TurnWriter
}

/** An authenticated connection: its identity, what waits to be written to it, and its limits. */
export class LiveConnection implements Connection, Outlet {
  readonly id: string
  readonly ip: string
  readonly since: number
  readonly user: string
  readonly device: string
  readonly session: string
  readonly slots: unknown[]
  readonly renewTicket: Admission['renewTicket']
  readonly revalidate: Admission['revalidate']
  readonly frames: TokenBucket
  readonly #peer: Peer
  readonly #parts: ConnectionParts
  /** Nothing while nothing waits: most connections are silent most of the time. */
  #pending: Buffer[] | undefined
  #pendingBytes = 0
  #open = true
  #welcomed = false
  #bulk: Bulk | undefined
  /** Monotonic time of the last sign of life. */
  heardAt: number
  /** Requests under way. */
  inFlight = 0
  /** Wall time, ms. */
  ticketRenewAt: number

  constructor(
    parts: ConnectionParts,
    peer: Peer,
    admission: Admission,
    facts: {
      readonly id: string
      readonly ip: string
      readonly now: number
      readonly monotonic: number
      readonly slots: number
    },
  ) {
    this.#parts = parts
    this.#peer = peer
    this.id = facts.id
    this.ip = facts.ip
    this.since = facts.now
    this.user = admission.user
    this.device = admission.device
    this.session = admission.session
    this.renewTicket = admission.renewTicket
    this.revalidate = admission.revalidate
    this.slots = facts.slots === 0 ? noSlots : new Array<unknown>(facts.slots).fill(undefined)
    this.heardAt = facts.monotonic
    this.frames = new TokenBucket(parts.limits.frameBurst, facts.monotonic)
    this.ticketRenewAt = facts.now + ((admission.ticketExpiresAt ?? 0) - facts.now) / 2
  }

  get open(): boolean {
    return this.#open
  }

  /** Queues a frame for this turn's write. Closes the connection when it reads too slowly. */
  push(frame: Buffer): void {
    if (!this.#open) return
    const first = this.#pending === undefined
    if (this.#pending) this.#pending.push(frame)
    else this.#pending = [frame]
    this.#pendingBytes += frame.length
    if (first && this.#welcomed) this.#parts.writer.add(this)
    // What the socket holds as well is looked at when the turn is written: once, however many frames it made.
    if (this.#pendingBytes > this.#parts.limits.hardBufferBytes) this.#cutOff()
  }

  #cutOff(): void {
    this.close(4413, 'read too slowly; reconnect and resume')
  }

  /** Puts the welcome before what was pushed meanwhile, and lets it all go. */
  welcome(frame: Buffer): void {
    if (!this.#open) return
    this.#welcomed = true
    this.#pending = [frame, ...(this.#pending ?? [])]
    this.#pendingBytes += frame.length
    this.#parts.writer.add(this)
  }

  /** A bulk answer drains: of an entry only the hint that there is one is sent. */
  get busyReading(): boolean {
    return this.#bulk?.draining === true
  }

  /** What may be lost, an event: dropped for who reads slowly. Whether it was queued. */
  pushDroppable(frame: Buffer, event: string): boolean {
    if (!this.#open) return false
    if (this.#pressure() <= this.#parts.limits.softBufferBytes) {
      this.push(frame)
      return true
    }
    tellShed(event, 'reader')
    return false
  }

  /** Runs one bulk request after the other; the next starts when the answer of the last has drained. */
  bulk(run: () => Promise<Buffer | undefined>): boolean {
    const bulk = (this.#bulk ??= { waiting: [], bytes: 0, draining: false })
    if (bulk.waiting.length >= maxWaitingBulk) return false
    bulk.waiting.push(run)
    if (bulk.waiting.length === 1) void this.#nextBulk(bulk)
    return true
  }

  async #nextBulk(bulk: Bulk): Promise<void> {
    for (let run = bulk.waiting[0]; run && this.#open; run = bulk.waiting[0]) {
      const frame = await run()
      if (frame && this.#open) await this.#drain(bulk, frame)
      bulk.waiting.shift()
    }
    if (this.#bulk === bulk) this.#bulk = undefined
  }

  #drain(bulk: Bulk, frame: Buffer): Promise<void> {
    this.#parts.writer.flush()
    bulk.bytes = frame.length
    bulk.draining = true
    return new Promise((resolve) => {
      bulk.release = () => {
        bulk.bytes = 0
        bulk.draining = false
        resolve()
      }
      this.#peer.write(frame, bulk.release)
    })
  }

  #pressure(): number {
    return this.#peer.buffered + this.#pendingBytes - (this.#bulk?.bytes ?? 0)
  }

  take(): readonly Buffer[] {
    const frames = this.#pending ?? nothing
    this.#pending = undefined
    this.#pendingBytes = 0
    return frames
  }

  write(frames: Buffer): void {
    this.#peer.write(frames)
    if (this.#pressure() > this.#parts.limits.hardBufferBytes) this.#cutOff()
  }

  /** Asks for a sign of life. */
  ping(): void {
    this.#peer.ping()
  }

  /** Writes what is queued, says why, and ends. */
  close(code: number, reason: string): void {
    if (!this.#open) return
    this.#open = false
    const frames = this.take()
    if (code !== 4413 && frames.length > 0) this.#peer.write(Buffer.concat(frames as Buffer[]))
    this.#peer.close(code, reason)
  }

  /** The peer is gone. */
  ended(): void {
    this.#open = false
    this.take()
    this.#bulk?.release?.()
  }

  pushText(text: string): void {
    this.push(textFrame(text))
  }
}

interface Bulk {
  readonly waiting: (() => Promise<Buffer | undefined>)[]
  bytes: number
  draining: boolean
  release?: () => void
}
const maxWaitingBulk = 8
const noSlots: unknown[] = []
const nothing: readonly Buffer[] = []
