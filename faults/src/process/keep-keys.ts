import { definePlugin } from '@natter/core'
import { token } from '@natter/core/contract'
import type { Kv, Token } from '@natter/core/contract'

/** A key space of the harness's own, to see what becomes of values that expire. */
export const Keys: Token<Kv, 'fault-keys'> = token('fault-keys').of()

/** Provides `Keys`. */
export const keepKeys = definePlugin({
  name: 'fault-keys',
  provides: [Keys],
  setup(api) {
    const keys = api.kv('keys')
    api.provide(Keys, () => keys)
  },
})
