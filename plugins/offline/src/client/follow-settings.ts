import { follow } from '@natter/client'
import type { ClientApi, Readable } from '@natter/client'
import { HeldSettings, noSettings } from './held-settings.js'
import type { OwnSettings, SettingsAnswer, SettingsNews } from './held-settings.js'

/** What `chat.offline` has beside its calls. */
export interface OwnedSettings {
  readonly own: Readable<OwnSettings>
}

/** Keeps my settings as the server has them: on connecting, when one of my devices sets something, and after a reset. */
export function followSettings(api: ClientApi): OwnedSettings {
  const own = api.cell(noSettings)
  const held = new HeldSettings()

  const { again, reading } = follow(api, {
    async read() {
      const from = held.cursor
      const answer = (await api.ask('offline.settings', from === undefined ? {} : { cursor: from })) as SettingsAnswer
      return () => {
        held.take(answer)
        own.set(held.view())
        return answer.more
      }
    },
    forget() {
      held.drop()
      own.set(noSettings)
    },
  })
  api.on('offline.changed', (news: SettingsNews) => {
    // What is heard while an answer is on its way may be newer than the answer, and gone with a reset.
    const ask = held.hear(news) || reading()
    own.set(held.view())
    if (ask) again()
  })

  return { own }
}
