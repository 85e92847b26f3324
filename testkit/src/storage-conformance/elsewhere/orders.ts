import type { OwnedModel } from '@natter/core/contract'
import type { SharedStep } from './shared-steps.js'

/** Which part of a store is asked. */
export type Shape =
  readonly ['store'] | readonly ['log'] | readonly ['kv', namespace: string] | readonly ['records', OwnedModel]

/** What the suite asks of the other process. `store` numbers the stores that it has open. */
export type Order =
  | {
      readonly do: 'open'
      readonly store: number
      readonly module: string
      readonly place: unknown
      readonly models: readonly OwnedModel[]
      readonly steps: readonly SharedStep[]
      readonly now: number
    }
  | {
      readonly do: 'ask'
      readonly store: number
      readonly shape: Shape
      readonly verb: string
      readonly args: readonly unknown[]
    }
  | { readonly do: 'close'; readonly store: number }
  /** The process kills itself so many ms from now. */
  | { readonly do: 'die'; readonly after: number }

/** The answer to one order. An error of the port keeps its code. */
export interface Told {
  readonly id: number
  readonly value?: unknown
  readonly fault?: { readonly code: string | undefined; readonly message: string; readonly retryable: boolean }
}
