import { actions } from '@natter/actions/client'
import { auth } from '@natter/auth/client'
import { follow } from '@natter/client'
import type { Client, ClientPlugin, Readable } from '@natter/client'
import { friends } from '@natter/friends/client'
import { groups } from '@natter/groups/client'
import { offline } from '@natter/offline/client'
import { presence } from '@natter/presence/client'
import type { PresenceSettings } from '@natter/presence/client'
import { search } from '@natter/search/client'
import type { FakeClock, InTest } from '@natter/testkit'

/** A person as others see them. */
interface Profile {
  readonly id: string
  readonly name: string
}
type Profiles = Readonly<Record<string, Profile>>
/** What an app keeps by itself, because no plugin keeps it: who people are, and how I am shown. */
interface Kept {
  readonly profiles: Readable<Profiles>
  readonly mine: Readable<PresenceSettings | undefined>
}

/** Read on each connection, and taken from what is heard: as the web app does it. */
const app = (people: readonly string[]): ClientPlugin<'app', {}, Kept> => ({
  kind: 'clientPlugin',
  name: 'app',
  verbs: {},
  setup(api) {
    const profiles = api.cell<Profiles>({})
    const followProfiles = follow(api, {
      async read() {
        const answer = (await api.ask('auth.lookup', { ids: people })) as { readonly profiles: readonly Profile[] }
        return () => profiles.set(Object.fromEntries(answer.profiles.map((profile) => [profile.id, profile])))
      },
      forget: () => profiles.set({}),
    })
    api.on('auth.changed', (profile: Profile) => {
      profiles.set({ ...profiles.get(), [profile.id]: profile })
      if (followProfiles.reading()) followProfiles.again()
    })
    const mine = api.cell<PresenceSettings | undefined>(undefined)
    const followMine = follow(api, {
      async read() {
        const answer = (await api.ask('presence.mine', {})) as PresenceSettings
        return () => mine.set(answer)
      },
      forget: () => mine.set(undefined),
    })
    api.on('presence.settled', (settings: PresenceSettings) => {
      mine.set(settings)
      if (followMine.reading()) followMine.again()
    })
    return { profiles, mine }
  },
})

/** The client halves of all plugins, on the clock of a test. */
export const halves = (clock: FakeClock, people: readonly string[]) =>
  [
    auth(),
    offline(),
    friends(),
    presence({
      setTimeout: (run, ms) => clock.after(ms, run),
      clearTimeout: (timer) => (timer as { cancel(): void } | undefined)?.cancel(),
      monotonic: () => clock.monotonic(),
    }),
    groups(),
    actions(),
    search(),
    app(people),
  ] as const

/** A client with all of it. */
export type Device = Client<ReturnType<typeof halves>> & InTest
