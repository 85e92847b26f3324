import test from 'ava'
import type { RawDevice, RawRefusal } from '@natter/testkit'
import { serve } from './serve.js'
import type { Served } from './serve.js'

// Who may do what at all is judged for all plugins together, with the starter; here it is to whom.

const people = { member: 'mia', admin: 'adam', owner: 'olga' } as const
const no = 'GROUPS_NOT_ALLOWED'

/** A group with somebody of each kind in it. */
async function furnish(server: Served) {
  const names = ['olga', 'adam', 'mia', 'rita', 'tom', 'boris']
  const clients = new Map<string, Awaited<ReturnType<typeof server.client>>>()
  for (const name of names) clients.set(name, await server.client(name))
  const of = (name: string) => clients.get(name)!.groups
  let made = 0
  return async () => {
    const { group } = await of('olga').create({ key: `g${(made += 1)}`, settings: { name: 'Team', door: 'open' } })
    for (const name of names.slice(1)) await of(name).join({ group })
    for (const user of ['adam', 'boris']) await of('olga').giveRole({ group, user, role: 'admin' })
    await of('olga').giveRole({ group, user: 'rita', role: 'reader' })
    // What a person may do in a minute is not the matter here.
    await server.clock.advance(60_000)
    return group
  }
}

const ask = (device: RawDevice, name: string, input: object) =>
  device.request(name, input).then(
    () => 'ok',
    (error: RawRefusal) => error.code,
  )

/** On whom: what members, admins and the owner get for acting on somebody of each kind. */
const targets = ['owner', 'admin', 'member', 'read-only', 'myself'] as const
const reach = {
  member: { owner: no, admin: no, member: no, 'read-only': no, myself: no },
  admin: { owner: no, admin: 'ok', member: 'ok', 'read-only': 'ok', myself: no },
  owner: { owner: no, admin: 'ok', member: 'ok', 'read-only': 'ok', myself: no },
} as const satisfies Record<string, Record<(typeof targets)[number], string>>
const acts = {
  'groups.kick': { input: {}, equals: true },
  'groups.ban': { input: {}, equals: true },
  'groups.mute': { input: { forMs: 60_000 }, equals: true },
  'groups.unmute': { input: {}, equals: true },
  // A role is given to who stands below alone.
  'groups.giveRole': { input: { role: 'member' }, equals: false },
} as const

for (const [name, { input, equals }] of Object.entries(acts)) {
  test(`${name}: on whom`, async (t) => {
    const server = await serve(t)
    const make = await furnish(server)
    for (const actor of ['member', 'admin', 'owner'] as const) {
      const device = await server.device(`${people[actor]}:raw`)
      for (const target of targets) {
        const group = await make()
        const who = { owner: 'olga', admin: 'boris', member: 'tom', 'read-only': 'rita', myself: people[actor] }[target]
        const expected = !equals && actor === 'admin' && target === 'admin' ? no : reach[actor][target]
        t.is(await ask(device, name, { ...input, group, user: who }), expected, `${actor} on ${target}`)
      }
    }
  })
}
