import { createChat } from '@natter/core'
import type { Chat, Plugins } from '@natter/core'
import { offline } from '@natter/offline'
import { storageSql } from '@natter/storage-sql'
import { RawDevice, testIdentity } from '@natter/testkit'
import { lookIn } from './look-in.js'
import { secret } from './names.js'

/** A chat on SQLite in this process, its store, and devices without a network: for what costs more than the way there. */
export async function inProcessChat(url: string, plugins: Plugins) {
  const { plugin, inside } = lookIn()
  const chat = (await createChat<Plugins>({
    secrets: secret,
    // Nobody answers pings here.
    limits: { deadMs: 3_600_000 },
    plugins: [storageSql({ url }), testIdentity(), offline(), ...plugins, plugin],
  })) as Chat
  return {
    chat,
    storage: inside().storage,
    async device(user: string): Promise<RawDevice> {
      const device = RawDevice.connect(chat)
      await device.hello({ token: user })
      return device
    },
  }
}
