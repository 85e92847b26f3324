import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

/** From the client to the server, or back. */
export type LinkDirection = 'requests' | 'replies'

/** A pipe for one direction of one connection. */
interface Pipe {
  readonly direction: LinkDirection
  readonly from: Socket
  readonly to: Socket
}

/** A network between a client and a server, with faults on order. It starts out passing everything. */
export class FaultyLink {
  readonly #server: Server
  readonly #target: URL
  readonly #pipes = new Set<Pipe>()
  readonly #stalled = new Set<LinkDirection>()
  readonly #cuts = new Map<LinkDirection, { left: number; readonly done: () => void }>()
  #refuses = false

  /** Opens a link to the server at an address. */
  static async open(url: string): Promise<FaultyLink> {
    const server = createServer({ allowHalfOpen: true, noDelay: true })
    const link = new FaultyLink(server, new URL(url))
    server.on('connection', (socket) => link.#accept(socket))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return link
  }

  private constructor(server: Server, target: URL) {
    this.#server = server
    this.#target = target
  }

  /** The server's own address. */
  get target(): string {
    return this.#target.href
  }

  /** The server's address, by this link. */
  get url(): string {
    const url = new URL(this.#target)
    url.port = String((this.#server.address() as AddressInfo).port)
    if (url.protocol !== 'mongodb:') return url.href
    // A driver that knows the set would go round the link.
    url.searchParams.delete('replicaSet')
    url.searchParams.set('directConnection', 'true')
    return url.href
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#pipes.size / 2
  }

  /** Everything passes again; what was held back goes on. A cut that has been ordered stays. */
  pass(): void {
    this.#refuses = false
    this.#stalled.clear()
    for (const { from, to } of this.#pipes) if (!to.writableNeedDrain) from.resume()
  }

  /** Connections are taken and stay open, and nothing passes in one or both directions. */
  stall(...directions: readonly LinkDirection[]): void {
    for (const each of directions.length ? directions : (['requests', 'replies'] as const)) this.#stalled.add(each)
    for (const { direction, from } of this.#pipes) if (this.#stalled.has(direction)) from.pause()
  }

  /** Resets all connections; new ones pass. */
  reset(): void {
    for (const pipe of this.#pipes) reset(pipe)
  }

  /** Resets all connections, and each new one, until `pass()`. */
  refuse(): void {
    this.#refuses = true
    this.reset()
  }

  /** Lets so many bytes more pass in a direction, all connections together, and resets the one that carried the last; resolves then. */
  cutAfter(bytes: number, direction: LinkDirection = 'replies'): Promise<void> {
    return new Promise((done) => this.#cuts.set(direction, { left: bytes, done }))
  }

  /** Resets what is open and takes no more. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.reset()
    await closed
  }

  #accept(client: Socket): void {
    if (this.#refuses) return void client.on('error', () => undefined).resetAndDestroy()
    const { hostname, port } = this.#target
    const server = connect({ host: hostname, port: Number(port), allowHalfOpen: true, noDelay: true })
    this.#join({ direction: 'requests', from: client, to: server })
    this.#join({ direction: 'replies', from: server, to: client })
  }

  #join(pipe: Pipe): void {
    const { direction, from, to } = pipe
    this.#pipes.add(pipe)
    from.on('data', (chunk: Buffer) => {
      const cut = this.#cuts.get(direction)
      if (cut && chunk.length >= cut.left) return this.#cut(pipe, chunk.subarray(0, cut.left), cut.done)
      if (cut) cut.left -= chunk.length
      if (to.write(chunk)) return
      from.pause()
      to.once('drain', () => {
        if (!this.#stalled.has(direction)) from.resume()
      })
    })
    if (this.#stalled.has(direction)) from.pause()
    from.on('end', () => to.end())
    from.on('error', () => reset(pipe))
    from.on('close', () => {
      this.#pipes.delete(pipe)
      if (!to.writableEnded) to.destroy()
    })
  }

  #cut(pipe: Pipe, rest: Buffer, done: () => void): void {
    this.#cuts.delete(pipe.direction)
    pipe.from.pause()
    // A reset at once would overtake bytes that were written and have not left yet.
    pipe.to.write(rest, () => {
      reset(pipe)
      done()
    })
  }
}

function reset({ from, to }: Pipe): void {
  for (const socket of [from, to]) if (!socket.destroyed) socket.resetAndDestroy()
}
