import type { Platform } from './api/platform.js'
import type { Status } from './api/status.js'
import { backoff } from './backoff.js'
import { closePolicy } from './close-policy.js'
import type { Credentials } from './credentials.js'
import { localError } from './errors.js'
import type { ClientError } from './errors.js'
import { createLiveness } from './liveness.js'
import { createCell } from './readable.js'
import type { Cell, Notify } from './readable.js'
import { openSocket } from './socket.js'
import type { Frame, Socket } from './socket.js'
import type { Welcome } from './wire.js'

/** To get a token, and then from the socket's opening to the welcome. */
const tokenMs = 30_000
const welcomeMs = 10_000
/** A connection that lasted this long was a good one: the next delay is short again. */
const stableMs = 10_000
/** The attempt number after a server asked to come back later: up to 8 s, and longer from there. */
const laterAttempt = 4
/** A ticket is not presented in its last seconds. */
const ticketMarginMs = 5_000
const lost = 1006

export interface SessionEvents {
  /** Welcomed. A returned error ends the session. */
  up(welcome: Welcome): ClientError | undefined
  down(): void
  frame(frame: Frame): void
  /** The device was asleep for a while. */
  awake(): void
  /** About to close for good. */
  stopping(error: ClientError): void
  /** Closed for good, until it is started again. */
  stopped(error: ClientError): void
}

export interface Session {
  readonly status: Cell<Status>
  start(): void
  stop(error: ClientError): void
  send(text: string): void
  /** Server time minus this device's, ms. */
  readonly offset: number
}

/** Keeps one connection to the server: connects, authenticates, notices its death and comes back. */
export function createSession(
  platform: Platform,
  notify: Notify,
  url: string,
  credentials: Credentials,
  about: () => object,
  events: SessionEvents,
): Session {
  const status = createCell<Status>(notify, { link: 'offline' })
  let running = false
  let generation = 0
  let comeBackAt = 0
  let attempts = 0
  let welcomed = false
  let offset = 0
  let socket: Socket | undefined
  let timers: unknown[] = []
  let unwatch = () => {}
  const after = (ms: number, run: () => void) => void timers.push(platform.setTimeout(run, ms))
  const send = (text: string) => socket?.send(text)
  const liveness = createLiveness(platform, {
    ping: () => send('["p"]'),
    dead: () => closed(lost),
    awake: () => events.awake(),
  })

  function release() {
    generation++
    for (const timer of timers) platform.clearTimeout(timer)
    timers = []
    liveness.stop()
    socket?.close()
    socket = undefined
    if (!welcomed) return
    welcomed = false
    events.down()
  }

  function retry(ms: number, error: ClientError | undefined) {
    release()
    const retryAt = platform.now() + ms
    status.set({ link: 'offline', retryAt, ...(error && { error }) })
    after(ms, () => void attempt())
  }

  function failed(error: ClientError, least = 0) {
    attempts = Math.max(attempts, least)
    const ms = backoff(attempts++, platform.random)
    retry(Math.max(ms, comeBackAt - platform.now()), error)
  }

  function stop(error: ClientError) {
    if (status.get().link === 'closed') return
    running = false
    events.stopping(error)
    credentials.abandon()
    unwatch()
    release()
    status.set({ link: 'closed', ...(error.code !== 'CLIENT_CLOSED' && { error }) })
    events.stopped(error)
  }

  function closed(code: number) {
    const verdict = closePolicy(code)
    const details = { closeCode: code }
    if (typeof verdict === 'object') return stop(localError(verdict.stop, verdict.message, { details }))
    if (verdict === 'token') {
      if (credentials.refused()) return retry(0, undefined)
      return stop(localError('CLIENT_TOKEN_REJECTED', 'The token was refused.', { details }))
    }
    failed(
      localError('CLIENT_DISCONNECTED', 'The connection was lost.', { retryable: true, details }),
      verdict === 'later' ? laterAttempt : 0,
    )
  }

  async function attempt() {
    if (!running) return
    release()
    const mine = generation
    status.set({ link: 'connecting' })
    const noToken = (cause: unknown) =>
      localError('CLIENT_TOKEN_FAILED', 'No token could be had.', { retryable: true, cause })
    after(tokenMs, () => {
      credentials.abandon()
      failed(noToken(undefined))
    })
    let hello: object
    try {
      hello = await credentials.present()
    } catch (error) {
      if (mine !== generation) return
      if ((error as { retryable?: unknown } | undefined)?.retryable !== false) return failed(noToken(error))
      return stop(localError('CLIENT_SIGNED_OUT', 'The session has ended. Log in again.', { cause: error }))
    }
    if (mine !== generation) return
    release()
    after(welcomeMs, () => closed(lost))
    const opening = `${url.replace(/^http/, 'ws')}/ws`
    try {
      socket = openSocket(platform, opening, {
        open: () => send(JSON.stringify(['hello', { ...hello, ...about() }])),
        frame: onFrame,
        closed,
      })
    } catch (error) {
      stop(localError('CLIENT_PLATFORM', `No connection to ${opening} can be opened.`, { cause: error }))
    }
  }

  function keep(ticket: string | undefined, expiresAt = 0) {
    if (ticket) credentials.keep(ticket, expiresAt - offset - ticketMarginMs)
  }

  function onFrame(frame: Frame) {
    liveness.heard()
    switch (frame[0]) {
      case 'p':
        return send('["o"]')
      case 'o':
        return
      case 't':
        return keep(frame[1] as string, frame[2] as number)
      case 'goaway': {
        const ms = platform.random() * (frame[1] as { spreadMs: number }).spreadMs
        comeBackAt = platform.now() + ms
        return after(ms, () => retry(0, undefined))
      }
      case 'welcome':
        return onWelcome(frame[1] as Welcome)
      default:
        if (welcomed) events.frame(frame)
    }
  }

  function onWelcome(welcome: Welcome) {
    if (welcomed) return
    for (const timer of timers) platform.clearTimeout(timer)
    timers = []
    offset = welcome.now - platform.now()
    credentials.accepted()
    keep(welcome.ticket, welcome.ticketExpiresAt)
    welcomed = true
    comeBackAt = 0
    after(stableMs, () => (attempts = 0))
    liveness.start(welcome.limits.pingMs)
    const error = events.up(welcome)
    if (error) stop(error)
  }

  function onChange(change: 'online' | 'offline' | 'foreground' | 'background') {
    if (change === 'background') return
    const waiting = status.get().link === 'offline'
    if (change === 'offline') {
      if (!waiting) failed(localError('CLIENT_DISCONNECTED', 'The device is offline.', { retryable: true }))
      return
    }
    if (waiting) void attempt()
    else if (welcomed) liveness.probe()
  }

  return {
    status,
    start() {
      if (running) return
      running = true
      attempts = 0
      unwatch = platform.watch(onChange)
      void attempt()
    },
    stop,
    send,
    get offset() {
      return offset
    },
  }
}
