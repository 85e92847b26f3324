import { ServerResponse } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type Koa from 'koa'
import type { Middleware, ParameterizedContext } from 'koa'
import compose from 'koa-compose'
import { WebSocketServer } from 'ws'
import type { NatterError } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import type { Logger } from '../kernel/logger.js'
import { subprotocol } from '../protocol/frames.js'
import type { Limits } from '../protocol/limits.js'
import type { Clock } from '../services/clock.js'
import { outward } from './error-shape.js'
import type { Gateway } from './gateway.js'
import { WsPeer } from './ws-peer.js'

/** The host's Koa app and those of its middlewares that guard the upgrade, in order: its session, its log-in check. */
export interface KoaGuard {
  readonly app: Koa<any, any>
  readonly use?: readonly Middleware<any, any, any>[]
}

export interface UpgradeParts {
  readonly gateway: Gateway
  readonly limits: Limits
  readonly clock: Clock
  readonly log: Logger
  readonly path: string
}

/** How long the host's middleware may take on an upgrade, ms. */
const guardMs = 5_000

/** The way in for WebSocket upgrades of one exact path; everything else is left alone. */
export class UpgradeDoor {
  readonly #parts: UpgradeParts
  readonly #server: WebSocketServer
  readonly #cookies = new WeakMap<IncomingMessage, readonly string[]>()
  readonly #attached = new Map<Server, (request: IncomingMessage, socket: Duplex, head: Buffer) => void>()

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
    const listener = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (this.claims(request)) this.handle(request, socket, head, guard)
    }
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
    const koa = guard && guard.app.createContext(request, new ServerResponse(request))
    const ip = koa?.ip || (request.socket.remoteAddress ?? '')
    const wait = gateway.enter(ip)
    if (wait !== undefined) throw NatterErrors.RATE_LIMITED({ retryAfterMs: wait })
    let handedOver = false
    try {
      if (koa && guard.use && !(await this.#guarded(koa, guard.use, socket))) return
      if (socket.destroyed) return
      this.#server.handleUpgrade(request, socket, head, (ws) => {
        handedOver = true
        const peer = new WsPeer(ws)
        const events = gateway.accept(peer, { request, ip, koa })
        peer.listen(events, (code, reason) => {
          ws.close(code, reason)
        })
      })
    } finally {
      if (!handedOver) gateway.leave(ip, true)
    }
  }

  /** Runs the host's middleware on the upgrade; if it does not let the request through, answers as it says. */
  async #guarded(
    koa: ParameterizedContext,
    use: readonly Middleware<any, any, any>[],
    socket: Duplex,
  ): Promise<boolean> {
    let passed = false
    const pass = async () => {
      passed = true
    }
    const { clock } = this.#parts
    let refused: unknown
    await new Promise<void>((resolve) => {
      const timer = clock.after(guardMs, () => {
        refused = NatterErrors.TIMEOUT({ message: 'The host took too long to decide on this upgrade.' })
        resolve()
      })
      compose([...use])(koa as never, pass)
        .catch((error: unknown) => (refused = error))
        .finally(() => {
          timer.cancel()
          resolve()
        })
    })
    this.#cookies.set(koa.req, ([] as string[]).concat((koa.res.getHeader('set-cookie') as string[] | undefined) ?? []))
    if (passed && refused === undefined) return true
    const status = statusOf(refused) ?? (koa.status >= 400 ? koa.status : 401)
    if (status >= 500) this.#parts.log.error({ err: refused }, "the host's middleware failed on an upgrade")
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

function statusOf(error: unknown): number | undefined {
  const status = (error as { status?: unknown } | undefined)?.status
  if (typeof status === 'number' && status >= 400 && status < 600) return status
  return error === undefined ? undefined : 500
}

function respond(socket: Duplex, status: number, body: string, retryAfterMs?: number): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const retry = retryAfterMs === undefined ? '' : `Retry-After: ${Math.ceil(retryAfterMs / 1000)}\r\n`
  socket.end(
    `HTTP/1.1 ${status} ${status >= 500 ? 'Error' : 'Refused'}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nCache-Control: no-store\r\n${retry}Connection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  )
}
