import type { Network } from '../record/network.js'
import { WiredSocket } from '../record/wired-socket.js'

export type Frame = readonly unknown[]
/** Between two attempts to connect, ms. */
const pauseMs = 8

export class Refused extends Error {
  readonly code: string
  readonly retryable: boolean

  constructor(shape: { readonly code: string; readonly message: string; readonly retryable?: boolean }) {
    super(`${shape.code}: ${shape.message}`)
    this.code = shape.code
    this.retryable = shape.retryable === true
  }
}

/** What is used of a welcome. */
export interface Welcome {
  readonly user: string
  readonly ticket?: string
}
interface LineEvents {
  up?(welcome: Welcome): void
  down?(): void
  frame?(frame: Frame): void
}

/** A device that speaks the protocol itself, without the client, and comes back when its connection is lost. */
export class RawLine {
  readonly user: string
  readonly #network: Network
  readonly #hello: { readonly token: string } | { readonly ticket: string }
  readonly #on: LineEvents
  readonly #waiting = new Map<unknown, { resolve(value: unknown): void; reject(error: Error): void }>()
  #socket: WiredSocket | undefined
  #timer: NodeJS.Timeout | undefined
  #closed = false
  #welcomed = false
  #rid = 0

  constructor(
    network: Network,
    user: string,
    hello: { readonly token: string } | { readonly ticket: string },
    on: LineEvents = {},
  ) {
    this.#network = network
    this.user = user
    this.#hello = hello
    this.#on = on
    this.#connect()
  }

  get up(): boolean {
    return this.#welcomed
  }

  /** The next request id of this connection. */
  nextId(): number {
    return ++this.#rid
  }

  send(frame: Frame): void {
    this.#socket?.send(JSON.stringify(frame))
  }

  /** Asks a command. @throws Refused, or an error when the connection is lost. */
  ask<T>(name: string, input: object): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (!this.#welcomed) return reject(new Error('not connected'))
      const rid = this.nextId()
      this.#waiting.set(rid, { resolve: resolve as (value: unknown) => void, reject })
      this.send(['q', rid, name, input])
    })
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#socket?.close()
    this.#lost()
  }

  #connect(): void {
    const socket = new WiredSocket(this.#network, this.user, ['natter.1'])
    this.#socket = socket
    this.#rid = 0
    socket.onopen = () => socket.send(JSON.stringify(['hello', this.#hello]))
    socket.onmessage = ({ data }: { readonly data: string }) => this.#frame(JSON.parse(data) as Frame)
    socket.onclose = () => this.#lost()
  }

  #lost(): void {
    this.#socket = undefined
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    if (this.#welcomed) {
      this.#welcomed = false
      this.#on.down?.()
    }
    for (const { reject } of waiting) reject(new Error('the connection was lost'))
    if (!this.#closed) this.#timer = setTimeout(() => this.#connect(), pauseMs)
  }

  #frame(frame: Frame): void {
    const [kind, rid, value] = frame
    if (kind === 'welcome') {
      this.#welcomed = true
      return this.#on.up?.(rid as Welcome)
    }
    if (kind === 'p') return this.send(['o'])
    const waiting = this.#waiting.get(rid)
    if (waiting && (kind === 'ok' || kind === 'no')) {
      this.#waiting.delete(rid)
      if (kind === 'ok') return waiting.resolve(value)
      return waiting.reject(new Refused(value as { code: string; message: string }))
    }
    this.#on.frame?.(frame)
  }
}
