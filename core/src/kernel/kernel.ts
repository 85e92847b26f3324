import type { ErrorSpec, Hook, MessageHook, Token } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import type { HeldData } from '../services/personal-data.js'
import { assemble } from './assemble.js'
import type { Assembly } from './assemble.js'
import type { BodyRunner } from './hooks/body-runner.js'
import type { KernelOptions } from './kernel-options.js'
import type { Runner } from './plugin.js'
import type { RegisteredBody, RegisteredCommand, RegisteredEvent, RegisteredRoute } from './registry.js'

export type { BodyRunner } from './hooks/body-runner.js'
export type { KernelOptions } from './kernel-options.js'
export type { RegisteredBody, RegisteredCommand, RegisteredEvent, RegisteredRoute } from './registry.js'

export interface LoadedPlugin {
  readonly name: string
  readonly version: string
  /** Of its contract: clients see it in the welcome. */
  readonly major: number
}

/**
 * Plugins, hooks, services and their life. It knows neither WebSocket nor HTTP.
 *
 * @example
 * const kernel = await Kernel.setup({ plugins, core: [[Clock, clock], [Conversations]], logger, clock, publish })
 * const allow = kernel.runBody(messageAllow)
 * kernel.supply(Conversations, conversations)
 * await kernel.boot()
 */
export class Kernel {
  /** In the order in which they boot. */
  readonly plugins: readonly LoadedPlugin[]
  readonly commands: ReadonlyMap<string, RegisteredCommand>
  readonly routes: readonly RegisteredRoute[]
  readonly bodies: ReadonlyMap<string, RegisteredBody>
  readonly events: ReadonlyMap<string, RegisteredEvent>
  /** What the contracts declare, by code. */
  readonly errors: ReadonlyMap<string, ErrorSpec>
  /** What is stored, and what of it tells about people. */
  readonly holdings: readonly HeldData[]
  /** How long each connection's array of slots is. */
  readonly slotCount: number
  readonly #assembly: Assembly
  readonly #core: readonly Token[]

  /**
   * Checks and orders the plugins, reads their configurations and runs their setups. Afterwards nothing can be
   * registered, and hooks can be run.
   *
   * @throws NATTER_PLUGIN_INVALID, NATTER_PLUGIN_TWICE, NATTER_PROVIDED_TWICE, NATTER_NEED_MISSING,
   * NATTER_STORAGE_MISSING, NATTER_PLUGIN_CYCLE, NATTER_CONFIG_INVALID, NATTER_REGISTERED_TWICE, NATTER_NOT_PROVIDED,
   * NATTER_HOOK_UNKNOWN, NATTER_HOOK_CYCLE, NATTER_STEP_FAILED, and what a plugin's setup throws.
   */
  static async setup(options: KernelOptions): Promise<Kernel> {
    return new Kernel(
      await assemble(options),
      options.core.map(([token]) => token),
    )
  }

  private constructor(assembly: Assembly, core: readonly Token[]) {
    const { plugins, registry } = assembly
    this.plugins = plugins.map(({ name, spec }) => {
      const version: string = spec.version ?? '0.0.0'
      return { name, version, major: Number.parseInt(version, 10) }
    })
    this.commands = registry.commands
    this.routes = registry.routes
    this.bodies = registry.bodies
    this.events = registry.events
    this.errors = registry.errors
    this.holdings = assembly.holdings
    this.slotCount = registry.slotCount
    this.#assembly = assembly
    this.#core = core
  }

  /** The compiled hook. Take it once and keep it. */
  run<H extends Hook>(hook: H): Runner<H> {
    return this.#assembly.registry.hooks.runner(hook)
  }

  /** The same without the handlers of these plugins. */
  runWithout<H extends Hook>(hook: H, plugins: readonly string[]): Runner<H> {
    return this.#assembly.registry.hooks.runnerWithout(hook, plugins)
  }

  /** The compiled hook over messages: `value.type` chooses the handlers. Take it once and keep it. */
  runBody<H extends MessageHook>(hook: H): BodyRunner<H> {
    return this.#assembly.registry.hooks.bodyRunner(hook)
  }

  /** The same without the handlers of these plugins. */
  runBodyWithout<H extends MessageHook>(hook: H, plugins: readonly string[]): BodyRunner<H> {
    return this.#assembly.registry.hooks.bodyRunner(hook, plugins)
  }

  /** Whether anybody handles this hook. */
  uses(hook: Hook | MessageHook): boolean {
    return this.#assembly.registry.hooks.uses(hook)
  }

  /** The empty places of a new connection. */
  slots(): unknown[] {
    return new Array<unknown>(this.slotCount).fill(undefined)
  }

  /** Whether a plugin, the core or the host provides this service. */
  provides(token: Token): boolean {
    return this.#assembly.services.provided(token)
  }

  /** Gives a service of the core that was not there at setup. Before boot. */
  supply<T extends object>(token: Token<T>, service: T): void {
    if (!this.#core.some(({ name }) => name === token.name) || this.#assembly.services.has(token)) {
      throw NatterErrors.REGISTERED_TWICE({
        message: `The core supplies the service "${token.name}", which it did not announce or has supplied before.`,
      })
    }
    this.#assembly.services.supply(token, service)
  }

  /**
   * Makes the services and begins the plugins in order, then starts and readies them. When that fails, what had begun
   * is stopped in reverse.
   *
   * @throws NATTER_STEP_FAILED, NATTER_STEP_TIMEOUT, NATTER_NOT_PROVIDED, NATTER_STOPPED, or a plugin's declared error;
   * the message names the plugin.
   */
  async boot(): Promise<void> {
    for (const token of this.#core) {
      if (this.#assembly.services.has(token)) continue
      throw NatterErrors.NOT_PROVIDED({
        message: `The core promises the service "${token.name}" and did not supply it before boot.`,
      })
    }
    await this.#assembly.lives.boot()
  }

  /** Traffic has stopped: plugins finish what is under way, in reverse order. Once, and past errors. */
  drain(): Promise<void> {
    return this.#assembly.lives.drain()
  }

  /** Drains, unless done, and stops the plugins in reverse order. Once, past errors, which are thrown as one. */
  stop(): Promise<void> {
    return this.#assembly.lives.stop()
  }

  /** @throws NATTER_SERVICE_UNREADY, NATTER_NEED_MISSING */
  get<T>(token: Token<T>): T {
    return this.#assembly.services.get(token)
  }
}
