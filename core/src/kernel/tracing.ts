import { channel, tracingChannel } from 'node:diagnostics_channel'
import type { TracingChannel } from 'node:diagnostics_channel'
import { isThenable } from './thenable.js'

/** What subscribers of `tracing:natter:hook:…` get. */
export interface HookTrace {
  readonly hook: string
  readonly plugin: string
}
/** What subscribers of `tracing:natter:command:…` get. */
export interface CommandTrace {
  readonly command: string
  readonly plugin: string
  readonly user: string | undefined
  readonly requestId: string
}
/** What subscribers of `tracing:natter:store:…` get. */
export interface StoreTrace {
  readonly shape: 'log' | 'records' | 'kv'
  readonly verb: string
  /** The model or key space; empty for the log. */
  readonly name: string
}
/** What subscribers of `natter:shed` get: an event that was not sent. */
export interface ShedTrace {
  readonly event: string
  /** `reader`: one connection reads too slowly. `server`: it is momentary, and the server has more to do than it can. */
  readonly why: 'reader' | 'server'
}

/**
 * Diagnostics: one tracing channel each for hook handlers, commands and store calls. While nobody listens, a call costs
 * one test. Node's own `tracePromise` would make synchronous handlers asynchronous, hence `trace`.
 *
 * @example
 * tracingChannel('natter:hook').subscribe({ start: ({ plugin, hook }) => …, … })
 */
export const channels = {
  hook: tracingChannel<HookTrace, HookTrace>('natter:hook'),
  command: tracingChannel<CommandTrace, CommandTrace>('natter:command'),
  store: tracingChannel<StoreTrace, StoreTrace>('natter:store'),
} as const

const shed = channel('natter:shed')

/** Tells that an event was not sent. */
export function tellShed(event: string, why: ShedTrace['why']): void {
  if (shed.hasSubscribers) shed.publish({ event, why } satisfies ShedTrace)
}

type Outcome = { result?: unknown; error?: unknown }

/** Runs a call inside a trace: `start`, `end`, and `asyncStart`, `asyncEnd` for what it does later; `error` when it fails. */
export function trace<T extends object>(channel: TracingChannel<T, T>, context: T, run: () => unknown): unknown {
  const seen = context as T & Outcome
  const failed = (error: unknown) => {
    seen.error = error
    channel.error.publish(seen)
  }
  return channel.start.runStores(seen, () => {
    try {
      const result = run()
      if (!isThenable(result)) {
        seen.result = result
        return result
      }
      return result.then(
        (value) => {
          seen.result = value
          channel.asyncStart.publish(seen)
          channel.asyncEnd.publish(seen)
          return value
        },
        (error: unknown) => {
          failed(error)
          channel.asyncStart.publish(seen)
          channel.asyncEnd.publish(seen)
          throw error
        },
      )
    } catch (error) {
      failed(error)
      throw error
    } finally {
      channel.end.publish(seen)
    }
  })
}
