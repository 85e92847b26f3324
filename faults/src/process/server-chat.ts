import { createChat } from '@natter/core'
import type { Chat, Clock, Plugin, Plugins } from '@natter/core'
import { offline } from '@natter/offline'
import { errorLogger } from './error-logger.js'
import { keepKeys } from './keep-keys.js'
import type { BootOptions } from './orders.js'
import { storeKind } from './stores.js'

/** The chat of a server process: real parts, default limits, everything kept in one folder. */
export async function serverChat(options: BootOptions, clock: Clock | undefined): Promise<Chat> {
  const { store, folder, durability, identity } = options
  const plugins: Plugins = [
    await storeKind(store).plugin(options, durability),
    await identityPlugin(identity),
    offline(),
    ...(options.actions ? [(await import('@natter/actions')).actions()] : []),
    keepKeys(),
  ]
  return createChat<Plugins>({
    plugins,
    dataDir: folder,
    logger: errorLogger,
    ...(clock && { clock }),
  })
}

/** Loaded only when it is used: servers start many times a minute. */
async function identityPlugin(identity: BootOptions['identity']): Promise<Plugin> {
  if (identity === 'tokens') return (await import('@natter/testkit')).testIdentity()
  return (await import('@natter/auth')).auth()
}
