import type { Body, OwnedModel, Token } from '../contract/index.js'
import type { Clock } from '../services/clock.js'
import type { ParentLogger } from './logger.js'
import type { Publish } from './plugin-api.js'
import type { Plugin } from './plugin.js'
import type { StepTimeouts } from './timeouts.js'

export interface KernelOptions {
  readonly plugins: readonly Plugin[]
  /** Services of the core. Those that are not there yet are supplied before boot (`kernel.supply`). */
  readonly core: readonly (readonly [token: Token, service?: object])[]
  /** Services from the host's container: made once, before the first plugin's. */
  readonly host?: readonly (readonly [token: Token, make: () => unknown])[]
  /** The core's own kinds of message. */
  readonly bodies?: readonly Body[]
  /** What the core keeps for itself, where there is a store. */
  readonly models?: readonly OwnedModel[]
  /** Names that plugins may not have, because they mean something else on the wire or in the chat's paths. */
  readonly reserved?: readonly string[]
  readonly logger: ParentLogger
  readonly clock: Clock
  /** How events are delivered. */
  readonly publish: Publish
  /** For plugins that do not say otherwise, in ms. */
  readonly timeouts?: Partial<StepTimeouts>
}
