import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { newId } from '@natter/core'
import type { Chat, PeerEvents } from '@natter/core'
import { MemoryPeer } from './memory-peer.js'

/** A frame as it travels: its kind, then the rest by position. */
export type RawFrame = readonly [kind: string, ...rest: unknown[]]
type Match = string | ((frame: RawFrame) => boolean)

/** A refusal as it arrived. */
export class RawRefusal extends Error {
  readonly code: string
  readonly shape: Readonly<Record<string, unknown>>

  constructor(shape: Readonly<Record<string, unknown>>) {
    super(String(shape['message']))
    this.code = String(shape['code'])
    this.shape = shape
  }
}

/**
 * A device that speaks the protocol frame by frame, without a network and without the client, for tests of what a server
 * really says.
 *
 * @example
 * const device = RawDevice.connect(chat)
 * device.send(['hello', { token: 'alice' }])
 * await device.next('welcome')
 */
export class RawDevice {
  readonly frames: RawFrame[] = []
  readonly peer: MemoryPeer
  readonly #events: PeerEvents
  readonly #waiting: { readonly match: Match; readonly resolve: (frame: RawFrame) => void }[] = []
  #read = 0
  #rid = 0
  /** Resolves when the server has closed the connection. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>

  static connect(
    chat: Chat,
    options: { readonly ip?: string; readonly headers?: Record<string, string> } = {},
  ): RawDevice {
    return new RawDevice(chat, options)
  }

  private constructor(
    chat: Chat,
    { ip = '127.0.0.1', headers = {} }: { ip?: string; headers?: Record<string, string> },
  ) {
    let ended: (end: { code: number; reason: string }) => void
    this.closed = new Promise((resolve) => (ended = resolve))
    const request = new IncomingMessage(new Socket())
    Object.assign(request.headers, { host: 'localhost', ...headers })
    this.peer = new MemoryPeer(
      (text) => this.#receive(JSON.parse(text) as RawFrame),
      (code, reason) => {
        ended({ code, reason })
        // As over a network, the end is noticed later than it is said.
        queueMicrotask(() => this.#events.closed(code))
      },
    )
    this.#events = chat.accept(this.peer, { request, ip })
  }

  send(frame: unknown): void {
    this.sendText(JSON.stringify(frame))
  }

  sendText(text: string): void {
    this.#events.text(text)
  }

  /** Says hello and waits for the welcome. */
  async hello(credentials: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
    this.send(['hello', credentials])
    const [, welcome] = await this.next('welcome')
    return welcome as Readonly<Record<string, unknown>>
  }

  /** The next frame, in order of arrival, that matches: by kind, or by a test. Frames before it are passed over. */
  next(match: Match): Promise<RawFrame> {
    while (this.#read < this.frames.length) {
      const frame = this.frames[this.#read++]!
      if (matches(frame, match)) return Promise.resolve(frame)
    }
    return new Promise((resolve) => this.#waiting.push({ match, resolve }))
  }

  /** Sends a message; the ack frame. @throws RawRefusal */
  async message(to: string | { readonly user: string }, body: object, clientId: string = newId()): Promise<RawFrame> {
    const rid = ++this.#rid
    this.send(['s', rid, to, clientId, body])
    return this.#answer(rid)
  }

  /** Asks a command; its output. @throws RawRefusal */
  async request<T = unknown>(name: string, input: unknown = {}): Promise<T> {
    const rid = ++this.#rid
    this.send(['q', rid, name, input])
    return (await this.#answer(rid))[2] as T
  }

  /** Vanishes without a word. */
  drop(): void {
    this.peer.terminate()
  }

  async #answer(rid: number): Promise<RawFrame> {
    const known = this.frames.find((frame) => answers(frame, rid))
    const frame =
      known ??
      (await Promise.race([
        new Promise<RawFrame>((resolve) => this.#waiting.push({ match: (each) => answers(each, rid), resolve })),
        this.closed.then(({ code, reason }) => {
          throw new Error(`the connection was closed with ${code} ${reason}`)
        }),
      ]))
    if (frame[0] === 'no') throw new RawRefusal(frame[2] as Readonly<Record<string, unknown>>)
    return frame
  }

  #receive(frame: RawFrame): void {
    this.frames.push(frame)
    for (const waiter of this.#waiting.filter(({ match }) => matches(frame, match))) {
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1)
      if (typeof waiter.match === 'string') this.#read = this.frames.length
      waiter.resolve(frame)
    }
  }
}

const matches = (frame: RawFrame, match: Match) => (typeof match === 'string' ? frame[0] === match : match(frame))
const answers = (frame: RawFrame, rid: number) => ['a', 'r', 'ok', 'no'].includes(frame[0]) && frame[1] === rid
