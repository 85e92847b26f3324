import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'

export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void
type Claims = (request: IncomingMessage) => boolean

/** Chats of one process, also of several copies of this package, know each other's listeners by it. */
const mark = Symbol.for('natter.upgrade.claims')

/**
 * Upgrades that nobody takes, as they were before there was a chat. Node answers them as ordinary requests as long as
 * nobody listens for upgrades; so once the chats are the only ones who listen, they pass on what is not theirs. Where the
 * host listens itself, nothing is touched. Some HTTP clients offer an upgrade to HTTP/2 with every first request.
 */
export class UntakenUpgrades {
  readonly #server: Server
  readonly #plain: Server

  constructor(server: Server) {
    this.#server = server
    // Nobody listens for upgrades here, and it never listens on a port: it reads one request again and hands it over.
    this.#plain = createServer((request, response) => {
      response.shouldKeepAlive = false
      server.emit('request', request, response)
    })
  }

  marked(listener: UpgradeListener, claims: Claims): UpgradeListener {
    return Object.assign(listener, { [mark]: claims })
  }

  /** Called by each chat for what it does not claim; the first of them passes it on. */
  pass(own: UpgradeListener, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const listeners = this.#server.rawListeners('upgrade') as (UpgradeListener & { readonly [mark]?: Claims })[]
    if (listeners[0] !== own || listeners.some((each) => each[mark]?.(request) !== false)) return
    // A server that does not listen keeps no watch over slow requests, so silence on the socket has to do.
    this.#plain.timeout = this.#server.timeout || this.#server.requestTimeout
    socket.unshift(Buffer.concat([Buffer.from(headOf(request), 'latin1'), head]))
    this.#plain.emit('connection', socket)
  }
}

function headOf({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let i = 0; i < rawHeaders.length; i += 2) lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}
