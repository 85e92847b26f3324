import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import { frameTexts } from './text-frame.js'
import type { Peer, PeerEvents } from './peer.js'

const ignore = () => undefined
const carried = Symbol('peer')
/** `ws` calls its listeners with itself as `this`. */
interface Carrying extends WebSocket {
  [carried]?: WsPeer
}
const peerOf = (ws: WebSocket) => (ws as Carrying)[carried]!
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

  /** Passes on what the peer sends. The handlers are shared by all connections: closures of its own would cost each some 160 bytes. */
  listen(events: PeerEvents): void {
    this.#events = events
    const ws = this.#ws as Carrying
    ws[carried] = this
    ws.on('message', WsPeer.#onMessage)
    ws.on('pong', WsPeer.#onAlive)
    ws.on('ping', WsPeer.#onAlive)
    ws.on('close', WsPeer.#onClose)
    // `ws` closes the connection itself, with the code that fits; 'close' follows.
    ws.on('error', ignore)
  }

  static #onMessage(this: WebSocket, data: unknown, binary: boolean): void {
    if (binary) this.close(1003, 'only text frames are spoken')
    else peerOf(this).#events?.text((data as Buffer).toString('utf8'))
  }

  static #onAlive(this: WebSocket): void {
    peerOf(this).#events?.alive()
  }

  static #onClose(this: WebSocket, code: number): void {
    peerOf(this).#events?.closed(code)
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
