import { NatterErrors } from '@natter/core'
import { isDenied } from '@natter/core/contract'
import type { Clock, Logger } from '@natter/core'
import type { AccountBook } from './accounts.js'
import type { Arrivals, Arrived, Arrival } from './arrivals.js'
import { AuthErrors } from './contract.js'
import type { Authenticated, AuthenticationAttempt, Authenticator, FactorAnswer } from './contract.js'
import type { Factors } from './factors.js'
import type { Flow, Flows } from './flows.js'
import { comparableHandle } from './handles.js'
import { networkOf } from './limits.js'
import type { Limit } from './limits.js'

export interface LoginParts {
  readonly accounts: AccountBook
  readonly arrivals: Arrivals
  readonly flows: Flows
  readonly factors: Factors
  readonly clock: Clock
  readonly log: Logger
  /** Failures per account and network, and per network. */
  readonly perAccount: Limit
  readonly perNetwork: Limit
  /** Failures of a further factor, per account: only who gave the first one gets so far. */
  readonly perFactor: Limit
}
type Input = Readonly<Record<string, unknown>>
export type LoggedIn = Arrived | { readonly answer: FactorAnswer }
interface Step {
  readonly method: string
  readonly flow?: string | undefined
  readonly input: Input
}

/** Logs people in, by one or several proofs. */
export class Login {
  readonly #parts: LoginParts

  constructor(parts: LoginParts) {
    this.#parts = parts
  }

  /** By handle and password. Only failures count against the limits. */
  async password(handle: string, password: string, arrival: Arrival): Promise<LoggedIn> {
    const { perAccount } = this.#parts
    const place = networkOf(arrival.ip)
    const account = `${comparableHandle(handle)} ${place}`
    return this.#limited(place, async () => {
      await perAccount.spend(account)
      const proved = await this.#prove('password', { handle, password }, arrival, undefined)
      await perAccount.forgive(account)
      return this.proved('password', proved, arrival)
    })
  }

  /** Makes a challenge, for a log-in that starts or for a further factor. */
  async begin({ method, flow: id, input }: Step, arrival: Pick<Arrival, 'ip'>) {
    const { flows, perNetwork, clock } = this.#parts
    await perNetwork.spend(networkOf(arrival.ip))
    const authenticator = this.#parts.factors.method(method)
    const flow = id === undefined ? undefined : await this.#take(id, method)
    const attempt = { input, user: flow?.user, state: undefined, ip: arrival.ip, now: clock.now() }
    const { challenge, state } = await this.#challenge(authenticator, attempt).catch(async (error: unknown) => {
      if (flow && id !== undefined) await flows.keep(id, flow)
      throw error
    })
    const begun = { begun: method, ...(state === undefined ? {} : { state }) }
    if (flow && id !== undefined) {
      await flows.keep(id, { ...flow, ...begun })
      return { flow: id, challenge, expiresAt: flow.expiresAt }
    }
    const started = await flows.start({ methods: [method], ...begun })
    return { flow: started.id, challenge, expiresAt: started.flow.expiresAt }
  }

  async #challenge(authenticator: Authenticator, attempt: AuthenticationAttempt) {
    if (authenticator.begin) return authenticator.begin(attempt)
    throw AuthErrors.METHOD_UNKNOWN({ message: 'This method needs no challenge: answer with verify at once.' })
  }

  /** Takes the answer to a challenge, or a further factor. */
  async verify({ method, flow: id, input }: Step, arrival: Arrival): Promise<LoggedIn> {
    if (id === undefined) return this.#verifyFirst(method, input, arrival)
    return this.#limited(networkOf(arrival.ip), () => this.#verifyFlow(id, method, input, arrival))
  }

  #verifyFirst(method: string, input: Input, arrival: Arrival): Promise<LoggedIn> {
    if (method === 'password') {
      const { handle, password } = input
      if (typeof handle !== 'string' || typeof password !== 'string') throw NatterErrors.INVALID()
      return this.password(handle, password, arrival)
    }
    return this.#limited(networkOf(arrival.ip), async () =>
      this.proved(method, await this.#prove(method, input, arrival, undefined), arrival),
    )
  }

  async #verifyFlow(id: string, method: string, input: Input, arrival: Arrival): Promise<LoggedIn> {
    const { flows, perFactor, perNetwork } = this.#parts
    const flow = await this.#take(id, method)
    const counted = flow.user === undefined ? undefined : `${flow.user} ${method}`
    if (counted !== undefined) await this.#spend(perFactor, counted, id, flow)
    const proved = await this.#prove(method, input, arrival, flow).catch(async (error: unknown) => {
      await flows.failed(id, flow)
      throw error
    })
    // What the challenge took from the network's budget.
    if (flow.begun !== undefined) await perNetwork.forgive(networkOf(arrival.ip))
    if (counted === undefined) return this.proved(method, proved, arrival)
    await perFactor.forgive(counted)
    return this.#enter(proved.user, arrival, method, flow.version)
  }

  /** Who has to wait keeps the flow. */
  async #spend(limit: Limit, key: string, id: string, flow: Flow): Promise<void> {
    try {
      await limit.spend(key)
    } catch (error) {
      await this.#parts.flows.keep(id, flow)
      throw error
    }
  }

  async #prove(method: string, input: Input, arrival: Arrival, flow: Flow | undefined): Promise<Authenticated> {
    const authenticator = this.#parts.factors.method(method)
    if (flow?.user === undefined && authenticator.role === 'second') throw AuthErrors.METHOD_UNKNOWN()
    const state = flow?.begun === method ? flow.state : undefined
    const { clock } = this.#parts
    const proved = await authenticator.verify({ input, user: flow?.user, state, ip: arrival.ip, now: clock.now() })
    if (proved && !isDenied(proved) && (flow?.user === undefined || proved.user === flow.user)) return proved
    await this.#noteFailure(method, input, arrival, flow?.user)
    if (isDenied(proved)) throw proved.error
    if (flow?.user === undefined) throw AuthErrors.WRONG_CREDENTIALS()
    throw AuthErrors.WRONG_CREDENTIALS({ message: 'This is wrong, used or over. Give another one.' })
  }

  /** Never the handle as it was typed: it may be the password. */
  async #noteFailure(by: string, { handle }: Input, { ip }: Arrival, known: string | undefined): Promise<void> {
    const { accounts, log } = this.#parts
    const user = known ?? (typeof handle === 'string' ? (await accounts.byHandle(handle))?.id : undefined)
    log.info({ ip, by, ...(user === undefined ? {} : { user }) }, 'a log-in failed')
  }

  /** A first factor holds: asks for another one where the account has set one up. */
  async proved(method: string, proved: Authenticated, arrival: Arrival): Promise<LoggedIn> {
    const methods = proved.complete ? [] : await this.#parts.factors.further(proved.user, method)
    if (methods.length === 0) return this.#enter(proved.user, arrival, method)
    const account = await this.#parts.accounts.get(proved.user)
    if (!account) throw AuthErrors.WRONG_CREDENTIALS()
    const { id, flow } = await this.#parts.flows.start({ user: account.id, version: account.version, methods })
    return { answer: { status: 'factor', flow: id, methods: [...methods], expiresAt: flow.expiresAt } }
  }

  /** `version`: what the account's must still be, where the first factor was proved under one. */
  async #enter(user: string, arrival: Arrival, by: string, version?: number): Promise<Arrived> {
    const account = await this.#parts.accounts.get(user)
    if (!account) throw AuthErrors.WRONG_CREDENTIALS()
    if (version !== undefined && account.version !== version) throw AuthErrors.FLOW_ENDED()
    return this.#parts.arrivals.open(account, arrival, by)
  }

  async #take(id: string, method: string): Promise<Flow> {
    const { flows } = this.#parts
    const flow = await flows.take(id)
    if (!flow) throw AuthErrors.FLOW_ENDED()
    if (flow.methods.includes(method)) return flow
    await flows.keep(id, flow)
    throw AuthErrors.METHOD_UNKNOWN()
  }

  /** Counts against the network's budget what does not succeed. */
  async #limited<T>(place: string, attempt: () => Promise<T>): Promise<T> {
    await this.#parts.perNetwork.spend(place)
    const result = await attempt()
    await this.#parts.perNetwork.forgive(place)
    return result
  }
}
