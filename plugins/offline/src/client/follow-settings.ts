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
  let owner = api.me.get()?.id
  let pulling = false
  let again = false
  let online = false

  async function pull(): Promise<void> {
    again = true
    if (pulling) return
    pulling = true
    try {
      while (again) {
        again = false
        const [mine, from] = [owner, held.cursor]
        const answer = (await api.ask('offline.settings', from === undefined ? {} : { cursor: from })) as SettingsAnswer
        // Meanwhile somebody else may be here, or the store another one.
        if (mine !== owner || from !== held.cursor) again = true
        else {
          held.take(answer)
          again ||= answer.more
          own.set(held.view())
        }
      }
    } catch {
      // The client was closed, or the server has no such plugin: the next connection asks anew.
    } finally {
      pulling = false
    }
  }

  function drop(): void {
    held.drop()
    own.set(noSettings)
  }

  api.me.subscribe(() => {
    const now = api.me.get()?.id
    if (now === owner) return
    owner = now
    drop()
  })
  api.status.subscribe(() => {
    const was = online
    online = api.status.get().link === 'online'
    if (online && !was) void pull()
  })
  api.on('offline.changed', (news: SettingsNews) => {
    // What is heard while an answer is on its way may be newer than the answer, and gone with a reset.
    const ask = held.hear(news) || pulling
    own.set(held.view())
    if (ask) void pull()
  })
  api.on('reset', ({ conversation }: { readonly conversation: string | undefined }) => {
    if (conversation !== undefined) return
    drop()
    void pull()
  })

  return { own }
}
