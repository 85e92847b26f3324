import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import { frameTexts } from './text-frame.js'
import type { Peer, PeerEvents } from './peer.js'

const ignore = () => undefined
/** How long a peer may take to answer a close frame, ms. */
const closeMs = 1_000

/**
 * A peer over `ws`. Frames that were encoded once are written to the TCP socket as they are; `ws` would build a header
 * and do two writes for each. That is sound because no extension is negotiated and nothing of ours is fragmented, so
 * that the stream stays a sequence of whole frames. Where `ws` does not show its socket, its own `send` is used.
 */
export class WsPeer implements Peer {
  readonly #ws: WebSocket
  readonly #socket: Socket | undefined
  #events: PeerEvents | undefined

  constructor(ws: WebSocket) {
    this.#ws = ws
    const socket = (ws as { _socket?: Socket })._socket
    this.#socket = ws.extensions === '' && typeof socket?.write === 'function' ? socket : undefined
  }

  /** Passes on what the peer sends. One set of handlers per connection, none per message. */
  listen(events: PeerEvents): void {
    this.#events = events
    this.#ws.on('message', (data, binary) => {
      if (binary) this.#ws.close(1003, 'only text frames are spoken')
      else this.#events?.text((data as Buffer).toString('utf8'))
    })
    const alive = () => this.#events?.alive()
    this.#ws.on('pong', alive)
    this.#ws.on('ping', alive)
    this.#ws.on('close', (code) => this.#events?.closed(code))
    // `ws` closes the connection itself, with the code that fits; 'close' follows.
    this.#ws.on('error', ignore)
  }

  handOver(events: PeerEvents): void {
    this.#events = events
  }

  get buffered(): number {
    return this.#socket ? this.#socket.writableLength : this.#ws.bufferedAmount
  }

  write(frames: Buffer, drained?: () => void): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return
    if (this.#socket) {
      this.#socket.write(frames, drained)
      return
    }
    const texts = frameTexts(frames)
    texts.forEach((text, i) => this.#ws.send(text, i === texts.length - 1 ? drained : undefined))
  }

  ping(): void {
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.ping()
  }

  close(code: number, reason: string): void {
    this.#ws.close(code, reason)
    setTimeout(() => this.#ws.terminate(), closeMs).unref()
  }

  terminate(): void {
    this.#ws.terminate()
  }
}
