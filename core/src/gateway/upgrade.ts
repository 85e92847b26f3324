import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ParameterizedContext } from 'koa'
import { WebSocketServer } from 'ws'
import type { NatterError } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import type { Logger } from '../kernel/logger.js'
import { subprotocol } from '../protocol/frames.js'
import type { Limits } from '../protocol/limits.js'
import type { Clock } from '../services/clock.js'
import { outward } from './error-shape.js'
import type { Gateway } from './gateway.js'
import { HostGuard } from './host-guard.js'
import type { KoaGuard } from './host-guard.js'
import { UntakenUpgrades } from './untaken-upgrades.js'
import type { UpgradeListener } from './untaken-upgrades.js'
import { WsPeer } from './ws-peer.js'

export interface UpgradeParts {
  readonly gateway: Gateway
  readonly limits: Limits
  readonly clock: Clock
  readonly log: Logger
  readonly path: string
}

/** The way in for WebSocket upgrades of one exact path; everything else is left alone. */
export class UpgradeDoor {
  readonly #parts: UpgradeParts
  readonly #server: WebSocketServer
  readonly #cookies = new WeakMap<IncomingMessage, readonly string[]>()
  readonly #attached = new Map<Server, UpgradeListener>()

  constructor(parts: UpgradeParts) {
    this.#parts = parts
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: parts.limits.frameBytes,
      handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
    })
    this.#server.on('headers', (headers, request) => {
      for (const cookie of this.#cookies.get(request) ?? []) headers.push(`Set-Cookie: ${cookie}`)
    })
  }

  /** Listens for upgrades of a server that the host owns. */
  attach(server: Server, guard: KoaGuard | undefined): void {
    if (this.#attached.has(server)) return
    const untaken = new UntakenUpgrades(server)
    const take: UpgradeListener = (request, socket, head) => {
      if (this.claims(request)) this.handle(request, socket, head, guard)
      else untaken.pass(listener, request, socket, head)
    }
    const listener = untaken.marked(take, (request) => this.claims(request))
    this.#attached.set(server, listener)
    server.on('upgrade', listener)
  }

  /** Takes its own listeners off, and only those. */
  detach(): void {
    for (const [server, listener] of this.#attached) server.off('upgrade', listener)
    this.#attached.clear()
  }

  claims(request: IncomingMessage): boolean {
    const url = request.url ?? ''
    const query = url.indexOf('?')
    return (query < 0 ? url : url.slice(0, query)) === this.#parts.path
  }

  handle(request: IncomingMessage, socket: Duplex, head: Buffer, guard: KoaGuard | undefined): void {
    const ignore = () => undefined
    // Without a listener a reset during the waiting below would end the process.
    socket.on('error', ignore)
    this.#enter(request, socket, head, guard)
      .catch((error: unknown) => {
        const { status, shape, fault } = outward(error)
        if (fault) this.#parts.log.error({ err: error, requestId: shape.requestId }, 'an upgrade failed')
        respond(socket, status, JSON.stringify({ error: shape }), (error as NatterError).retryAfterMs)
      })
      .finally(() => socket.off('error', ignore))
  }

  async #enter(request: IncomingMessage, socket: Duplex, head: Buffer, guard: KoaGuard | undefined): Promise<void> {
    const { gateway } = this.#parts
    if (!gateway.accepting) throw NatterErrors.DRAINING({ retryAfterMs: 2_000 })
    if ((request.url ?? '').includes('?')) {
      throw NatterErrors.INVALID({ message: 'Nothing travels in the URL: send the token in the first frame.' })
    }
    if (!offers(request)) {
      throw NatterErrors.INVALID({ message: `Offer the WebSocket subprotocol "${subprotocol}".` })
    }
    const host = guard && new HostGuard(guard, this.#parts.clock)
    const koa = host?.context(request)
    const ip = koa?.ip || (request.socket.remoteAddress ?? '')
    const wait = gateway.enter(ip)
    if (wait !== undefined) throw NatterErrors.RATE_LIMITED({ retryAfterMs: wait })
    let handedOver = false
    try {
      if (koa && host?.asks && !(await this.#passes(host, koa, socket))) return
      if (socket.destroyed) return
      this.#server.handleUpgrade(request, socket, head, (ws) => {
        handedOver = true
        const peer = new WsPeer(ws)
        const again = host?.asks ? { again: () => host.again(request) } : {}
        const events = gateway.accept(peer, { request, ip, koa, ...again })
        peer.listen(events)
      })
    } finally {
      if (!handedOver) gateway.leave(ip, true)
    }
  }

  /** Asks the host; if it does not let the request through, answers as it says. */
  async #passes(host: HostGuard, koa: ParameterizedContext, socket: Duplex): Promise<boolean> {
    const verdict = await host.ask(koa)
    this.#cookies.set(koa.req, ([] as string[]).concat((koa.res.getHeader('set-cookie') as string[] | undefined) ?? []))
    if (verdict.passed) return true
    const { status, fault } = verdict
    if (status >= 500) this.#parts.log.error({ err: fault }, "the host's middleware failed on an upgrade")
    const error =
      status === 403 ? NatterErrors.FORBIDDEN : status < 500 ? NatterErrors.UNAUTHENTICATED : NatterErrors.INTERNAL
    respond(socket, status, JSON.stringify({ error: outward(error()).shape }))
    return false
  }
}

function offers(request: IncomingMessage): boolean {
  const offered = request.headers['sec-websocket-protocol']
  return offered !== undefined && offered.split(',').some((name) => name.trim() === subprotocol)
}

function respond(socket: Duplex, status: number, body: string, retryAfterMs?: number): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const retry = retryAfterMs === undefined ? '' : `Retry-After: ${Math.ceil(retryAfterMs / 1000)}\r\n`
  socket.end(
    `HTTP/1.1 ${status} ${status >= 500 ? 'Error' : 'Refused'}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n${retry}Connection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  )
}
