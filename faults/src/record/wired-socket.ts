import type { SocketLike } from '@natter/client'
import { WebSocket } from 'ws'
import type { Network } from './network.js'
import { Tap } from './tap.js'

type Listener = ((event: never) => void) | null
const lost = 1006

/** A socket of a device: everything on it is written down, and it breaks when it is told to. */
export class WiredSocket implements SocketLike {
  onopen: Listener = null
  onmessage: Listener = null
  onclose: Listener = null
  onerror: Listener = null
  readonly user: string
  readonly #network: Network
  readonly #tap: Tap
  readonly #ws: WebSocket | undefined
  #over = false
  #stalled = false
  #cut: { frames: number; readonly swallow: boolean } | undefined

  constructor(network: Network, user: string, protocols: string[]) {
    this.user = user
    this.#network = network
    this.#tap = new Tap(network.history, user)
    if (network.port === undefined) {
      setImmediate(() => this.#end(lost))
      return
    }
    network.sockets.add(this)
    const ws = new WebSocket(`ws://127.0.0.1:${network.port}/chat/ws`, protocols)
    this.#ws = ws
    ws.on('open', () => this.onopen?.({} as never))
    ws.on('message', (data: Buffer) => this.#receive(data.toString()))
    ws.on('error', () => undefined)
    ws.on('close', (code) => this.#end(code))
  }

  send(text: string): void {
    if (this.#over || this.#stalled) return
    const frame = JSON.parse(text) as readonly unknown[]
    this.#tap.out(frame)
    this.#ws?.send(text, () => undefined)
    this.#network.watch?.('out', frame)
  }

  close(code = 1000): void {
    this.#ws?.close(code)
    this.#end(code)
  }

  /** The connection breaks now; both ends hear of it. */
  cut(): void {
    this.#ws?.terminate()
    this.#end(lost)
  }

  /** It breaks at the frame that comes as the given one from now; `swallow`: before the device hears that frame. */
  cutAt(frames: number, swallow: boolean): void {
    this.#cut = { frames, swallow }
  }

  /** Nothing passes any more, in either direction, and nobody is told; after a while it breaks. */
  stall(ms: number): void {
    this.#stalled = true
    this.#ws?.pause()
    setTimeout(() => this.cut(), ms).unref()
  }

  #receive(data: string): void {
    if (this.#over || this.#stalled) return
    const frame = JSON.parse(data) as readonly unknown[]
    // What the server said counts, also when the device does not hear it.
    this.#tap.in(frame)
    this.#network.watch?.('in', frame)
    if (this.#over) return
    const cut = this.#cut
    const last = cut !== undefined && --cut.frames <= 0
    if (!last || !cut.swallow) {
      for (const heard of this.#network.heard(data, frame)) this.onmessage?.({ data: heard } as never)
    }
    if (last) this.cut()
  }

  #end(code: number): void {
    if (this.#over) return
    this.#over = true
    this.#network.sockets.delete(this)
    this.onclose?.({ code } as never)
  }
}
