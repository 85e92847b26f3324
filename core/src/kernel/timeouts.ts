import type { Plugin } from './plugin.js'

export type Step = 'init' | 'start' | 'ready' | 'drain' | 'stop'
export type StepTimeouts = { readonly [K in Step | 'hook']: number }

/** In ms. */
export const defaultTimeouts: StepTimeouts = {
  init: 30_000,
  start: 10_000,
  ready: 10_000,
  drain: 5_000,
  stop: 5_000,
  hook: 5_000,
}

/** A plugin's own timeouts over the chat's over the defaults. */
export function timeoutsOf(plugin: Plugin | undefined, chat: Partial<StepTimeouts> = {}): StepTimeouts {
  return { ...defaultTimeouts, ...chat, ...plugin?.spec.timeouts }
}
