import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { Chat, PeerEvents } from '@natter/core'
import type { SocketLike } from '@natter/client'
import { MemoryPeer } from './memory-peer.js'

type Listener = ((event: never) => void) | null

/** The way between a client and the chat, as a test has it. */
export interface Line {
  /** Nothing gets through: a new connection is not made. */
  dead: boolean
  /** So many frames of the server still come through before the connection breaks. */
  frames: number
  socket: MemorySocket | undefined
}

/** A WebSocket class whose sockets lead into a chat of the same process, without a network. */
export function memorySocket(chat: Chat, line: Line): new () => MemorySocket {
  return class extends MemorySocket {
    constructor() {
      super(chat, line)
      line.socket = this
    }
  }
}

/** The client's end of a connection in memory. Events come later than the call that causes them, as in a network. */
export class MemorySocket implements SocketLike {
  onopen: Listener = null
  onmessage: Listener = null
  onclose: Listener = null
  onerror: Listener = null
  readonly peer: MemoryPeer
  #events: PeerEvents | undefined
  #over = false

  constructor(chat: Chat, line: Line) {
    this.peer = new MemoryPeer(
      (data) => {
        if (--line.frames < 0) this.#cut(line)
        this.#later(() => this.onmessage?.({ data } as never))
      },
      (code) => this.#end(code),
      // As a browser does by itself.
      () => this.#later(() => this.#events?.alive()),
    )
    queueMicrotask(() => this.#open(chat, line))
  }

  #open(chat: Chat, line: Line): void {
    // Over a network what cannot be reached is a close without a reason.
    if (line.dead) return this.#end(1006)
    const request = new IncomingMessage(new Socket())
    Object.assign(request.headers, { host: 'localhost' })
    try {
      this.#events = chat.accept(this.peer, { request, ip: '127.0.0.1' })
    } catch {
      // Over a network a refused upgrade is a close without a reason.
      this.#end(1006)
      return
    }
    this.onopen?.({} as never)
  }

  send(text: string): void {
    if (!this.#over) this.#events?.text(text)
  }

  close(): void {
    this.#end(1000)
  }

  /** The network breaks: both ends hear of it, and what was on the way is lost. */
  break(): void {
    this.#end(1006)
  }

  #cut(line: Line): void {
    line.frames = Infinity
    this.break()
  }

  #end(code: number): void {
    if (this.#over) return
    this.#over = true
    queueMicrotask(() => {
      this.#events?.closed(code)
      this.onclose?.({ code } as never)
    })
  }

  #later(run: () => void): void {
    queueMicrotask(() => {
      if (!this.#over) run()
    })
  }
}
