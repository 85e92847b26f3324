import { createChat, definePlugin } from '@natter/core'
import type { Chat, Plugins } from '@natter/core'
import { Storage } from '@natter/core/contract'
import { offline } from '@natter/offline'
import { storageSql } from '@natter/storage-sql'
import { RawDevice, testIdentity } from '@natter/testkit'
import { secret } from './names.js'

/** A chat on SQLite in this process, its store, and devices without a network: for what costs more than the way there. */
export async function inProcessChat(url: string, plugins: Plugins) {
  let made: Storage | undefined
  const lookIn = definePlugin({
    name: 'bench-look-in',
    needs: { storage: Storage },
    setup(_api, { storage }) {
      made = storage
    },
  })
  const chat = (await createChat<Plugins>({
    secrets: secret,
    // Nobody answers pings here.
    limits: { deadMs: 3_600_000 },
    plugins: [storageSql({ url }), testIdentity(), offline(), ...plugins, lookIn()],
  })) as Chat
  return {
    chat,
    storage: made!,
    async device(user: string): Promise<RawDevice> {
      const device = RawDevice.connect(chat)
      await device.hello({ token: user })
      return device
    },
  }
}
