import {
  Clock,
  Connections,
  connectionClosed,
  connectionOpened,
  conversationMembers,
  definePlugin,
  messageStored,
  NatterErrors,
  userAudience,
  userData,
  userErased,
  Users,
} from '@natter/core'
import type { Connection } from '@natter/core'
import { isDenied } from '@natter/core/contract'
import { relationChanged, Relations } from '@natter/friends/contract'
import { presenceConfig } from './config.js'
import * as contract from './contract.js'
import type { PersonPresence, PresenceSettings } from './contract.js'
import { Endings } from './endings.js'
import { People } from './people.js'
import { dataOf, erasureOf } from './person.js'
import { lasting, personView } from './person-view.js'
import { Scribes } from './scribes.js'
import { Settings } from './settings.js'
import type { Kept } from './settings.js'
import { Sight } from './sight.js'
import { Watches } from './watches.js'

/** So many people's leaving is written at a time when the node stops. */
const farewells = 200

/**
 * Who is there, who is away, who is writing. All of it is a hint: it may be lost, it is shed first where somebody reads
 * slowly or the server has too much to do, and nothing is written but what people set and when they left.
 *
 * @example
 * createChat({ plugins: [storageSql(), auth(), offline(), presence({ graceMs: 30_000 })] })
 */
export const presence = definePlugin({
  name: 'presence',
  version: '1.0.0',
  contract,
  models: [contract.settingModel],
  needs: { clock: Clock, connections: Connections },
  wants: { relations: Relations, users: Users },
  provides: [contract.Presence],
  config: presenceConfig,
  setup(api, { clock, connections, relations, users }, { graceMs, deltaMs, recheckMs, writingMs, writingMembers }) {
    const settings = new Settings(api.records(contract.settingModel))
    const scribes = new Scribes(clock, writingMs)
    const members = api.runner(conversationMembers)
    const mayWrite = api.runner(contract.presenceWrite)
    const see = api.runner(contract.presenceSee)
    const audience = api.runner(userAudience)

    const sight = new Sight({
      clock,
      recheckMs,
      async ask({ viewer, subject }) {
        if (await relations?.blocked(viewer, subject)) return false
        const answer: unknown = await see({ viewer, subject }, undefined)
        return typeof answer === 'boolean' ? answer : relations?.may(viewer, subject, 'presence')
      },
      audience: (user) => audience({ user }, undefined),
    })
    const left = async (user: string, seen: number) => {
      // Of who was erased nothing is written again, on whichever node they were.
      if ((await users?.exists(user)) === false) return
      const { mode } = await settings.of(user)
      // Who is invisible has been gone since they said so.
      if (mode !== 'invisible') await settings.change(user, { seen })
    }
    const people = new People(clock, graceMs, {
      changed: (user) => watches.touch(user),
      gone: (user, at) =>
        void left(user, at).then(
          () => watches.touch(user),
          (err: unknown) => api.log.warn({ err, user }, 'when somebody left could not be written'),
        ),
    })
    const viewOf = (user: string, kept: Kept) => personView(user, people.of(user), kept, clock.now())
    const endings = new Endings(clock, (user) => watches.touch(user))
    const watches: Watches = new Watches({
      clock,
      sight,
      deltaMs,
      // Relations answer from memory, so they are asked whenever something is told.
      recheckMs: relations ? 0 : recheckMs,
      async look(users): Promise<readonly PersonPresence[]> {
        await settings.load(users)
        const views = await Promise.all(users.map(async (user) => viewOf(user, await settings.of(user))))
        for (const view of views) endings.saw(view)
        return views
      },
      push: (connection, list) => connections.push(connection, contract.changed.name, { people: list }),
      behind: () => connections.behind,
      failed: (err) => api.log.warn({ err }, 'changes of presence could not be told yet'),
    })

    const reconsider = async (one: string, other?: string) => {
      sight.forget(one)
      if (other !== undefined) sight.forget(other)
      await watches.reconsider(one, other)
    }
    api.provide(contract.Presence, () => ({
      of: async (user) => viewOf(user, await settings.of(user)),
      reconsider,
    }))
    if (relations) {
      api.hook(relationChanged, (change) =>
        reconsider(change.user, 'other' in change ? change.other : undefined).catch((err: unknown) =>
          api.log.warn({ err }, 'a changed relation was not looked at'),
        ),
      )
    }
    api.hook(connectionOpened, (connection) => people.opened(connection))
    api.hook(connectionClosed, (connection) => {
      people.closed(connection)
      watches.gone(connection)
    })

    const person = { people, settings }
    api.hook(userData, ({ user }) => dataOf(person, user))
    api.hook(userErased, ({ user }) => erasureOf(person, user))

    api.command(contract.watch, async ({ users }, context) => ({
      people: [...(await watches.watch(here(context), users))],
    }))
    api.command(contract.active, ({ active, kind }, context) => {
      people.says(here(context), active, kind)
      return {}
    })
    api.command(contract.mine, async (_input, { user }) => told(await settings.of(user.id), clock.now()))
    api.command(contract.set, async ({ mode, status, hideSeen }, { user }) => {
      const before = await settings.of(user.id)
      const hides = mode === 'invisible' && before.mode !== 'invisible'
      const seen = hides && people.of(user.id) ? { seen: clock.now() } : {}
      const kept = await settings.change(user.id, {
        mode,
        status,
        hideSeen,
        ...seen,
        ...(hides && { told: before.status ? { status: before.status } : {} }),
      })
      watches.touch(user.id)
      return api.publish(contract.settled, { user: user.id }, told(kept, clock.now()))
    })

    const tell = (users: readonly string[], conversation: string, user: string, what: contract.Writing | 'none') =>
      void api.publish(contract.writes, { users }, { conversation, user, what, forMs: writingMs })
    api.command(contract.write, async ({ conversation, what }, { user: { id: user } }) => {
      const found = await members(conversation, undefined)
      if (isDenied(found)) throw found.error
      if (!found?.users.includes(user)) throw NatterErrors.NOT_FOUND()
      if (found.users.length > writingMembers) return {}
      const others = [...found.users].filter((other) => other !== user)
      if (others.length === 0) return {}
      const peer = found.kind === 'direct' ? others[0] : undefined
      // Who may not be told hears nothing, and who writes does not learn why.
      if (peer !== undefined && (await relations?.may(user, peer, 'message')) === false) return {}
      if (isDenied(await mayWrite({ user, conversation, peer }, undefined))) return {}
      const over = () => tell(others, conversation, user, 'none')
      if (scribes.says(user, conversation, what, over)) tell(others, conversation, user, what)
      return {}
    })
    // A message of theirs says that they have stopped.
    api.hook(messageStored, ({ from, conversation }) => void scribes.ends(from, conversation))

    let sweeping: ReturnType<Clock['every']> | undefined
    return {
      start() {
        sweeping = clock.every(recheckMs, () => sight.sweep())
      },
      async drain() {
        sweeping?.cancel()
        watches.stop()
        endings.stop()
        scribes.stop()
        const now = clock.now()
        const all = people.stop()
        for (let from = 0; from < all.length; from += farewells) {
          await Promise.allSettled(all.slice(from, from + farewells).map((user) => left(user, now)))
        }
      },
    }
  },
})

/** The connection that a command came by. Calls of the host have none: they watch by `Presence`. */
function here({ connection }: { readonly connection: Connection | undefined }): Connection {
  if (connection) return connection
  throw NatterErrors.INVALID({ message: 'This is said of a connection, and this call came by none.' })
}

function told({ mode, status, hideSeen }: Kept, now: number): PresenceSettings {
  return { mode, hideSeen, ...(lasting(status, now) && { status }) }
}
