import type { HookOrder } from '../../contract/index.js'

/** A handler as a plugin registered it. */
export interface Registration {
  readonly plugin: string
  readonly handler: (value: never, ctx: never) => unknown
  readonly order: HookOrder
  /** Only values of this body type reach it. */
  readonly filter: string | undefined
  readonly timeoutMs: number
}
