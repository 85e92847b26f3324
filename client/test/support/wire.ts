import { setImmediate as turn } from 'node:timers/promises'
import type { SocketLike } from '@natter/client'

export type Frame = readonly [kind: string, ...rest: any[]]

/** The server's end of one connection of a client. */
export class Line {
  readonly url: string
  readonly protocols: readonly string[]
  /** What the client sent. */
  readonly frames: Frame[] = []
  /** How the client closed it. */
  closedBy: 'client' | 'server' | undefined
  #read = 0
  #waiting: (() => void)[] = []
  #handler: ((frame: Frame) => void) | undefined
  readonly #socket: FakeSocket

  constructor(socket: FakeSocket, url: string, protocols: readonly string[]) {
    this.#socket = socket
    this.url = url
    this.protocols = protocols
  }

  get open() {
    return this.closedBy === undefined
  }

  /** From now on, frames go to this handler. */
  serve(handler: (frame: Frame) => void) {
    this.#handler = handler
  }

  send(...frame: Frame) {
    this.sendText(JSON.stringify(frame))
  }

  sendText(text: string) {
    void turn().then(() => {
      if (this.open) this.#socket.onmessage?.({ data: text } as never)
    })
  }

  close(code: number) {
    void turn().then(() => {
      if (!this.open) return
      this.closedBy = 'server'
      this.#socket.onclose?.({ code } as never)
    })
  }

  /** The connection breaks here: what is on its way is lost. */
  cut() {
    if (!this.open) return
    this.closedBy = 'server'
    void turn().then(() => this.#socket.onclose?.({ code: 1006 } as never))
  }

  /** The next frame that the client sends, of this kind if one is named. */
  async next(kind?: string): Promise<Frame> {
    for (;;) {
      while (this.#read < this.frames.length) {
        const frame = this.frames[this.#read++]!
        if (kind === undefined || frame[0] === kind) return frame
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  received(text: string) {
    const frame = JSON.parse(text) as Frame
    this.frames.push(frame)
    for (const go of this.#waiting.splice(0)) go()
    this.#handler?.(frame)
  }
}

class FakeSocket implements SocketLike {
  onopen: SocketLike['onopen'] = null
  onmessage: SocketLike['onmessage'] = null
  onclose: SocketLike['onclose'] = null
  onerror: SocketLike['onerror'] = null
  line!: Line

  send(text: string) {
    // As over a network, what was sent arrives later.
    void turn().then(() => {
      if (this.line.open) this.line.received(text)
    })
  }

  close() {
    if (this.line.open) this.line.closedBy = 'client'
  }
}

/** A network without a network: a `WebSocket` for clients, and the other ends for the test. */
export class Wire {
  readonly lines: Line[] = []
  /** Connections are refused while false. */
  reachable = true
  readonly WebSocket: new (url: string, protocols: string[]) => SocketLike
  #waiting: (() => void)[] = []
  #taken = 0
  onLine: ((line: Line) => void) | undefined

  constructor() {
    const wire = this
    this.WebSocket = class extends FakeSocket {
      constructor(url: string, protocols: string[]) {
        super()
        this.line = new Line(this, url, protocols)
        if (!wire.reachable) {
          this.line.close(1006)
          return
        }
        wire.lines.push(this.line)
        void turn().then(() => {
          if (!this.line.open) return
          wire.onLine?.(this.line)
          this.onopen?.({} as never)
          for (const go of wire.#waiting.splice(0)) go()
        })
      }
    }
  }

  /** The next connection that a client opens. */
  async line(): Promise<Line> {
    while (this.#taken >= this.lines.length) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    return this.lines[this.#taken++]!
  }
}
