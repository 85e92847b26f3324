import test from 'ava'
import * as contract from '@natter/groups/contract'
import { RawDevice } from '@natter/testkit'
import type { RawRefusal } from '@natter/testkit'
import { serve } from './serve.js'
import type { Served } from './serve.js'

/** What each person is in the group, and what they get for each command in it. */
const people = {
  stranger: 'sam',
  'ex-member': 'eric',
  banned: 'bert',
  'read-only': 'rita',
  muted: 'mo',
  member: 'mia',
  admin: 'adam',
  owner: 'olga',
} as const
type Role = keyof typeof people
type Row = Readonly<Record<Role, string>>
const roles = Object.keys(people) as Role[]
const outside = ['stranger', 'ex-member', 'banned'] as const

const no = 'GROUPS_NOT_ALLOWED'
const hidden = { stranger: 'NATTER_NOT_FOUND', 'ex-member': 'NATTER_NOT_FOUND', banned: 'NATTER_NOT_FOUND' } as const
/** Of a person's own: what they are in the group does not matter. */
const own: Row = Object.fromEntries(roles.map((role) => [role, 'ok'])) as never
const members: Row = { ...own, ...hidden }
const owners: Row = { ...hidden, 'read-only': no, muted: no, member: no, admin: no, owner: 'ok' }
const admins: Row = { ...owners, admin: 'ok' }

const tom = { group: '', user: 'tom' }
const matrix: Record<string, { readonly input: object; readonly row: Row }> = {
  'groups.create': { input: { key: 'k', settings: { name: 'Mine' } }, row: own },
  'groups.invitations': { input: {}, row: own },
  'groups.get': { input: { group: '' }, row: members },
  'groups.members': { input: { group: '' }, row: members },
  'groups.join': { input: { group: '' }, row: members },
  // Who was in it may hear that they are out; the owner cannot go.
  'groups.leave': {
    input: { group: '' },
    row: { ...members, 'ex-member': 'ok', banned: 'ok', owner: 'GROUPS_OWNER' },
  },
  'groups.invite': { input: { group: '', user: 'nina' }, row: { ...members, 'read-only': no } },
  'groups.uninvite': { input: { group: '', user: 'ina' }, row: admins },
  'groups.admit': { input: { group: '', user: 'anna' }, row: admins },
  'groups.refuse': { input: { group: '', user: 'anna' }, row: admins },
  'groups.waiting': { input: { group: '' }, row: admins },
  'groups.kick': { input: tom, row: admins },
  'groups.ban': { input: tom, row: admins },
  'groups.unban': { input: { group: '', user: 'bert' }, row: admins },
  'groups.banned': { input: { group: '' }, row: admins },
  'groups.giveRole': { input: { ...tom, role: 'reader' }, row: admins },
  'groups.mute': { input: { ...tom, forMs: 60_000 }, row: admins },
  'groups.unmute': { input: tom, row: admins },
  'groups.set': { input: { group: '', settings: { topic: 'x', slowMs: 1_000 } }, row: admins },
  'groups.makeLink': { input: { group: '', key: 'mine' }, row: admins },
  'groups.dropLink': { input: { group: '', link: 'none' }, row: admins },
  'groups.links': { input: { group: '' }, row: admins },
  'groups.transfer': { input: tom, row: owners },
  'groups.dissolve': { input: { group: '' }, row: owners },
}
const commands = Object.values(contract).flatMap((each) => ('kind' in each && each.kind === 'command' ? [each] : []))

test('each command has its row, and each row its command', (t) => {
  t.deepEqual(Object.keys(matrix).toSorted(), commands.map(({ name }) => name).toSorted())
})

/** A group with somebody of each kind in it, and somebody who waits. */
async function furnish(server: Served) {
  const names = ['olga', 'adam', 'mia', 'rita', 'mo', 'eric', 'bert', 'tom', 'boris', 'anna', 'ina']
  const clients = new Map<string, Awaited<ReturnType<typeof server.client>>>()
  for (const name of names) clients.set(name, await server.client(name))
  const of = (name: string) => clients.get(name)!.groups
  let made = 0
  return async () => {
    const { group } = await of('olga').create({ key: `g${(made += 1)}`, settings: { name: 'Team', door: 'open' } })
    for (const name of ['adam', 'mia', 'rita', 'mo', 'eric', 'bert', 'tom', 'boris']) await of(name).join({ group })
    for (const user of ['adam', 'boris']) await of('olga').giveRole({ group, user, role: 'admin' })
    await of('olga').giveRole({ group, user: 'rita', role: 'reader' })
    await of('olga').mute({ group, user: 'mo', forMs: 31_536_000_000 })
    await of('eric').leave({ group })
    await of('olga').ban({ group, user: 'bert' })
    await of('olga').set({ group, settings: { door: 'ask' } })
    await of('anna').join({ group })
    await of('olga').set({ group, settings: { door: 'invite' } })
    await of('olga').invite({ group, user: 'ina' })
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
const inGroup = (input: object, group: string) => ('group' in input ? { ...input, group } : input)

for (const [name, { input, row }] of Object.entries(matrix)) {
  test(`${name}: who may what`, async (t) => {
    const server = await serve(t)
    const make = await furnish(server)
    for (const role of roles) {
      const group = await make()
      const device = await server.device(`${people[role]}:raw`)
      t.is(await ask(device, name, inGroup(input, group)), row[role], role)
      const absent = await ask(device, name, inGroup(input, 'nowhere'))
      t.is(absent, 'group' in input ? 'NATTER_NOT_FOUND' : 'ok', `${role}, in a group that is not there`)
    }
    const nobody = RawDevice.connect(server.chat as never)
    nobody.send(['q', 1, name, inGroup(input, 'nowhere')])
    t.is((await nobody.closed).code, 4400, 'nobody without a log-in')
    t.false(nobody.frames.some(([kind]) => kind === 'ok'))
  })
}

test('who is not in it gets the same answer as where there is none, to the letter', async (t) => {
  const server = await serve(t)
  const group = await (await furnish(server))()
  const shape = (device: RawDevice, name: string, input: object) =>
    device.request(name, input).then(
      () => undefined,
      (error: RawRefusal) => error.shape,
    )
  for (const role of outside) {
    const device = await server.device(`${people[role]}:raw`)
    for (const [name, { input, row }] of Object.entries(matrix)) {
      if (row[role] === 'ok') continue
      t.deepEqual(
        await shape(device, name, inGroup(input, group)),
        await shape(device, name, inGroup(input, 'nowhere')),
        `${role}: ${name}`,
      )
    }
  }
})

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
