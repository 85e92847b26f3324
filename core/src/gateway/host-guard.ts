import { ServerResponse } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type Koa from 'koa'
import type { Middleware, ParameterizedContext } from 'koa'
import compose from 'koa-compose'
import { NatterErrors } from '../errors.js'
import type { Clock } from '../services/clock.js'

/** The host's Koa app and those of its middlewares that guard the upgrade, in order: its session, its log-in check. */
export interface KoaGuard {
  readonly app: Koa<any, any>
  readonly use?: readonly Middleware<any, any, any>[]
}

/** The host let the request through, or answered with this status. `fault`: what its middleware threw on its own account. */
export type Verdict =
  { readonly passed: true } | { readonly passed: false; readonly status: number; readonly fault?: unknown }

/** How long the host's middleware may take, ms. */
const guardMs = 5_000

/** Runs the host's own middleware on upgrade requests. */
export class HostGuard {
  readonly #guard: KoaGuard
  readonly #clock: Clock

  constructor(guard: KoaGuard, clock: Clock) {
    this.#guard = guard
    this.#clock = clock
  }

  context(request: IncomingMessage): ParameterizedContext {
    return this.#guard.app.createContext(request, new ServerResponse(request))
  }

  /** Whether any middleware is asked. */
  get asks(): boolean {
    return this.#guard.use !== undefined
  }

  async ask(koa: ParameterizedContext): Promise<Verdict> {
    let passed = false
    let refused: unknown
    await new Promise<void>((resolve) => {
      const timer = this.#clock.after(guardMs, () => {
        refused = NatterErrors.TIMEOUT({ message: 'The host took too long to decide on this upgrade.' })
        resolve()
      })
      compose([...(this.#guard.use ?? [])])(koa as never, async () => {
        passed = true
      })
        .catch((error: unknown) => (refused = error))
        .finally(() => {
          timer.cancel()
          resolve()
        })
    })
    if (passed && refused === undefined) return { passed: true }
    const status = statusOf(refused) ?? (koa.status >= 400 ? koa.status : 401)
    return { passed: false, status, ...(status >= 500 ? { fault: refused } : {}) }
  }

  /**
   * Asks once more about a request that was let through: a fresh context, or nothing when the host refuses it now.
   *
   * @throws what the middleware threw when that was a fault, not a refusal.
   */
  async again(request: IncomingMessage): Promise<ParameterizedContext | undefined> {
    const koa = this.context(request)
    const verdict = await this.ask(koa)
    if (verdict.passed) return koa
    if (verdict.fault !== undefined) throw verdict.fault
    return undefined
  }
}

function statusOf(error: unknown): number | undefined {
  const status = (error as { status?: unknown } | undefined)?.status
  if (typeof status === 'number' && status >= 400 && status < 600) return status
  return error === undefined ? undefined : 500
}
