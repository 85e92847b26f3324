import { NatterError, isDenied } from '../contract/index.js'
import type { Denied, Awaitable } from '../contract/index.js'
import type { Admission, ConnectionAttempt } from '../kernel/context.js'
import { hello } from '../protocol/frames.js'
import type { Hello } from '../protocol/frames.js'
import { isId } from '../protocol/id.js'
import type { Limits } from '../protocol/limits.js'
import type { Logger } from '../kernel/logger.js'
import type { Clock, Timer } from '../services/clock.js'
import { isHello } from './is-hello.js'
import { BadFrame, parseFrame } from './parse-frame.js'
import type { Peer, PeerEvents } from './peer.js'

export interface HandshakeParts {
  readonly clock: Clock
  readonly limits: Limits
  readonly log: Logger
  readonly authenticate: (attempt: ConnectionAttempt) => Awaitable<Admission | Denied | undefined>
  /** Whether an upgrade that is authenticated by cookie may come from this Origin. */
  readonly originAllowed: (attempt: Pick<ConnectionAttempt, 'request'>) => boolean
  /** The server has more to do than it can: what is not read yet may have come long ago. */
  readonly behind: () => boolean
  /** A fault: what broke, for the log. */
  readonly fault: (error: unknown) => void
}

/** How many frames a client may send behind its hello before the welcome. */
const maxEarlyFrames = 16

/**
 * A socket that has not said who it is: a few bytes, a few seconds. It hears the hello, asks who that is, and hands over
 * to `admit`, with the frames that came meanwhile.
 */
export class Handshake implements PeerEvents {
  readonly #parts: HandshakeParts
  readonly #peer: Peer
  readonly #attempt: Pick<ConnectionAttempt, 'request' | 'ip' | 'koa' | 'again'>
  readonly #admit: (admission: Admission) => Promise<PeerEvents>
  readonly #finished: (failed: boolean) => void
  readonly #early: string[] = []
  #timer: Timer
  #state: 'waiting' | 'asking' | 'over' = 'waiting'
  #next: PeerEvents | undefined

  constructor(
    parts: HandshakeParts,
    peer: Peer,
    attempt: Pick<ConnectionAttempt, 'request' | 'ip' | 'koa' | 'again'>,
    admit: (admission: Admission) => Promise<PeerEvents>,
    finished: (failed: boolean) => void,
  ) {
    this.#parts = parts
    this.#peer = peer
    this.#attempt = attempt
    this.#admit = admit
    this.#finished = finished
    // It is measured while somebody asks: so it is known when the time is over.
    parts.behind()
    this.#timer = this.#patience(() => {
      if (parts.behind()) this.#timer = this.#patience(() => this.#late())
      else this.#late()
    })
  }

  #patience(over: () => void): Timer {
    const { clock, limits } = this.#parts
    return clock.after(limits.helloMs, over)
  }

  #late(): void {
    this.refuse(4408, 'no hello in time')
  }

  text(data: string): void {
    if (this.#next) return this.#next.text(data)
    if (this.#state === 'over') return
    if (data.length > this.#parts.limits.helloBytes) return this.refuse(1009, 'too large before authentication')
    if (this.#state === 'asking') {
      if (this.#early.push(data) > maxEarlyFrames) this.refuse(4400, 'too many frames before the welcome')
      return
    }
    this.#state = 'asking'
    void this.#hello(data)
  }

  alive(): void {
    this.#next?.alive()
  }

  closed(code: number): void {
    if (this.#next) return this.#next.closed(code)
    this.#over(true)
  }

  refuse(code: number, reason: string): void {
    if (this.#state === 'over') return
    this.#over(true)
    if (code === 4401) this.#parts.log.info({ ip: this.#attempt.ip, reason }, 'a connection was refused')
    this.#peer.close(code, reason.slice(0, 120))
  }

  async #hello(data: string): Promise<void> {
    try {
      const frame = parseFrame(data, this.#parts.limits)
      if (!isHello(frame) && !hello.safeParse(frame).success) {
        return this.refuse(4400, 'the first frame must be a hello')
      }
      const { token, ticket, device } = (frame as unknown as Hello)[1]
      const attempt: ConnectionAttempt = { ...this.#attempt, token, ticket, device }
      if (token === undefined && ticket === undefined && !this.#parts.originAllowed(attempt)) {
        return this.refuse(4401, 'send a token, or connect from an allowed origin')
      }
      const admission = await this.#parts.authenticate(attempt)
      if (this.#ended) return
      if (isDenied(admission)) return this.#denied(admission.error)
      if (!admission) return this.refuse(4401, 'nobody knows these credentials')
      if (!isId(admission.user) || !isId(admission.device) || !isId(admission.session)) {
        this.#parts.fault(new TypeError('an authenticator gave ids outside the id set'))
        return this.refuse(4500, 'internal')
      }
      const next = await this.#admit(admission)
      if (this.#ended) return next.closed(1006)
      this.#over(false)
      this.#next = next
      for (const text of this.#early) next.text(text)
      this.#peer.handOver?.(next)
    } catch (error) {
      if (error instanceof BadFrame) return this.refuse(4400, error.message)
      if (NatterError.is(error) && error.status < 500) return this.#denied(error)
      this.#parts.fault(error)
      this.refuse(NatterError.is(error) && error.retryable ? 1013 : 4500, 'try again')
    }
  }

  // A getter, because it changes while the hello waits and the compiler would narrow a field.
  get #ended(): boolean {
    return this.#state === 'over'
  }

  #denied(error: NatterError): void {
    this.refuse(error.status === 503 || error.status === 429 ? 1013 : 4401, error.code)
  }

  #over(failed: boolean): void {
    if (this.#state === 'over') return
    this.#state = 'over'
    this.#timer.cancel()
    this.#finished(failed)
  }
}
