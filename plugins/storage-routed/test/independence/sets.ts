import { actions } from '@natter/actions'
import { actions as actionsHalf } from '@natter/actions/client'
import * as actionsContract from '@natter/actions/contract'
import type { Plugin } from '@natter/core'
import { friends } from '@natter/friends'
import { friends as friendsHalf } from '@natter/friends/client'
import * as friendsContract from '@natter/friends/contract'
import { groups } from '@natter/groups'
import { groups as groupsHalf } from '@natter/groups/client'
import * as groupsContract from '@natter/groups/contract'
import { offline as offlineHalf } from '@natter/offline/client'
import { presence } from '@natter/presence'
import { presence as presenceHalf } from '@natter/presence/client'
import * as presenceContract from '@natter/presence/contract'
import { search } from '@natter/search'
import { search as searchHalf } from '@natter/search/client'
import * as searchContract from '@natter/search/contract'
import type { FakeClock } from '@natter/testkit'

/** The plugins that can be left out. */
export const names = ['friends', 'presence', 'groups', 'actions', 'search'] as const
export type Name = (typeof names)[number]

const servers = { friends, presence, groups, actions, search } as const satisfies Record<Name, () => Plugin>
export const pluginsOf = (set: readonly Name[]): readonly Plugin[] => set.map((name) => servers[name]())

/** What a plugin declares, as far as it is asked for from outside. */
interface Declared {
  readonly kind: string
  readonly name: string
  /** Of a body, which has no other name. */
  readonly type: string
}
const contracts: Record<Name, object> = {
  friends: friendsContract,
  presence: presenceContract,
  groups: groupsContract,
  actions: actionsContract,
  search: searchContract,
}
/** The names of what a plugin declares of a kind. */
export const declaredBy = (plugin: Name, kind: 'command' | 'event' | 'body' | 'route'): readonly string[] =>
  Object.values(contracts[plugin] as Record<string, Partial<Declared> | undefined>).flatMap((each) =>
    each?.kind === kind ? [(each.type ?? each.name)!] : [],
  )

/** The client halves of all plugins, on the clock of a test. */
export const halves = (clock: FakeClock) =>
  [
    offlineHalf(),
    friendsHalf(),
    presenceHalf({
      setTimeout: (run, ms) => clock.after(ms, run),
      clearTimeout: (timer) => (timer as { cancel(): void } | undefined)?.cancel(),
      monotonic: () => clock.monotonic(),
    }),
    groupsHalf(),
    actionsHalf(),
    searchHalf(),
  ] as const
export type Halves = ReturnType<typeof halves>

/** The sets of plugins beside `offline`: all, all but one, one alone, none. */
export const sets: readonly { readonly called: string; readonly set: readonly Name[] }[] = [
  { called: 'all plugins', set: names },
  ...names.map((out) => ({ called: `all but ${out}`, set: names.filter((name) => name !== out) })),
  ...names.map((alone) => ({ called: `${alone} alone`, set: [alone] })),
  { called: 'none of them', set: [] },
]
