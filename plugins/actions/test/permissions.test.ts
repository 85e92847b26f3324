import test from 'ava'
import * as contract from '@natter/actions/contract'
import { RawDevice } from '@natter/testkit'
import { serve, shapeOf, talk } from './serve.js'
import type { Served } from './serve.js'

/** What each person is in the group. */
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

const no = 'ACTIONS_NOT_ALLOWED'
const yours = 'ACTIONS_NOT_YOURS'
const hidden = { stranger: 'NATTER_NOT_FOUND', 'ex-member': 'NATTER_NOT_FOUND', banned: 'NATTER_NOT_FOUND' } as const
/** Of who may read; what they are beyond that does not matter. */
const readers: Row = { ...hidden, 'read-only': 'ok', muted: 'ok', member: 'ok', admin: 'ok', owner: 'ok' }
/** Of who may write. */
const writers: Row = { ...readers, 'read-only': 'GROUPS_READ_ONLY', muted: 'GROUPS_MUTED' }
const cannot: Row = {
  ...hidden,
  'read-only': 'ACTIONS_CANNOT',
  muted: 'ACTIONS_CANNOT',
  member: 'ACTIONS_CANNOT',
  admin: 'ACTIONS_CANNOT',
  owner: 'ACTIONS_CANNOT',
}
/** Of what is a person's own, wherever they are. */
const mine = (code: string) => Object.fromEntries(roles.map((role) => [role, code])) as Row
const admins: Row = { ...readers, 'read-only': no, muted: no, member: no }

/** On the message of another member. */
const matrix: Record<string, { readonly more: object; readonly row: Row }> = {
  'actions.edit': {
    more: { text: 'x' },
    row: { ...hidden, 'read-only': yours, muted: yours, member: yours, admin: yours, owner: yours },
  },
  'actions.deleteForAll': { more: {}, row: admins },
  'actions.react': { more: { emoji: '👍' }, row: writers },
  'actions.unreact': { more: { emoji: '👍' }, row: readers },
  'actions.pin': { more: {}, row: admins },
  'actions.unpin': { more: {}, row: admins },
  'actions.pins': { more: {}, row: readers },
  'actions.remove': { more: { seqs: [] }, row: readers },
  'actions.removals': { more: {}, row: readers },
  'actions.entries': { more: { seqs: [] }, row: readers },
  'actions.thread': { more: {}, row: readers },
  'actions.editions': { more: {}, row: readers },
  // On a text: who may not read learns nothing of what it is, who may learns that it is no poll.
  'actions.vote': { more: { choices: [0] }, row: cannot },
  'actions.ballot': { more: {}, row: cannot },
  'actions.closePoll': {
    more: {},
    row: { ...cannot, 'read-only': no, muted: no, member: no },
  },
  // Whoever may read may pass on: to where they may write, which each place says for itself.
  'actions.forward': { more: { to: [{ user: 'tom' }], key: 'k' }, row: readers },
  // Judged as what is sent at once; what waits is there for its author alone.
  'actions.schedule': { more: {}, row: writers },
  'actions.scheduled': { more: {}, row: mine('ok') },
  'actions.reschedule': { more: { id: 'none', body: { text: 'x' } }, row: mine('NATTER_NOT_FOUND') },
  'actions.unschedule': { more: { id: 'none' }, row: mine('ok') },
}
const absentOf = (name: string) =>
  ['actions.scheduled', 'actions.unschedule'].includes(name) ? 'ok' : 'NATTER_NOT_FOUND'
/** On their own message, where that is another. */
const own: Record<string, Row> = {
  'actions.edit': writers,
  // Their own words everybody takes back who can see them.
  'actions.deleteForAll': readers,
}
const commands = Object.values(contract).flatMap((each) => ('kind' in each && each.kind === 'command' ? [each] : []))

test('each command has its row, and each row its command', (t) => {
  t.deepEqual(Object.keys(matrix).toSorted(), commands.map(({ name }) => name).toSorted())
})

/** A group in which everybody has said something, before they became what they are. */
async function furnish(server: Served, bodyOf: (name: string) => object = (name) => ({ text: name })) {
  const names = ['olga', 'adam', 'mia', 'rita', 'mo', 'eric', 'bert', 'tom']
  const clients = new Map<string, Awaited<ReturnType<typeof server.client>>>()
  for (const name of names) clients.set(name, await server.client(name))
  const of = (name: string) => clients.get(name)!.groups
  let made = 0
  return async () => {
    const { group } = await of('olga').create({ key: `g${(made += 1)}`, settings: { name: 'Team', door: 'open' } })
    const said: Record<string, number> = {}
    for (const name of names) {
      if (name !== 'olga') await of(name).join({ group })
      const sent = await clients
        .get(name)!
        .conversation(group)
        .send(bodyOf(name) as { text: string }).sent
      said[name] = (sent as { readonly seq: number }).seq
    }
    await of('olga').giveRole({ group, user: 'adam', role: 'admin' })
    await of('olga').giveRole({ group, user: 'rita', role: 'reader' })
    await of('olga').mute({ group, user: 'mo', forMs: 31_536_000_000 })
    await of('eric').leave({ group })
    await of('olga').ban({ group, user: 'bert' })
    // What a person may do in a minute is not the matter here.
    await server.clock.advance(60_000)
    return { group, said }
  }
}

/** An input on a message, in the form of its command. */
function inputOf(name: string, more: object, conversation: string, seq: number): object {
  if (name === 'actions.schedule') {
    return { to: conversation, body: { text: 'x' }, at: Date.UTC(2026, 0, 2), id: `s${conversation}` }
  }
  if (name.endsWith('scheduled')) return {}
  if ('id' in more) return { conversation, ...more }
  const shape = 'seqs' in more ? { ...more, seqs: [seq] } : { seq, ...more }
  return name.endsWith('pins') || name.endsWith('removals') ? { conversation } : { conversation, ...shape }
}
const ask = async (device: RawDevice, name: string, input: object) => (await shapeOf(device, name, input))['code']

for (const [name, { more, row }] of Object.entries(matrix)) {
  test(`${name}: who may what`, async (t) => {
    const server = await serve(t)
    const make = await furnish(server)
    for (const role of roles) {
      const { group, said } = await make()
      const device = await server.device(`${people[role]}:raw`)
      t.is(await ask(device, name, inputOf(name, more, group, said['tom']!)), row[role], role)
      const absent = await ask(device, name, inputOf(name, more, 'nowhere', 1))
      t.is(absent, absentOf(name), `${role}, where there is none`)
      const mine = said[people[role]]
      const ownRow = own[name]
      if (ownRow && mine !== undefined) {
        t.is(await ask(device, name, inputOf(name, more, group, mine)), ownRow[role], `${role}, on their own`)
      }
    }
    const nobody = RawDevice.connect(server.chat as never)
    nobody.send(['q', 1, name, inputOf(name, more, 'nowhere', 1)])
    t.is((await nobody.closed).code, 4400, 'nobody without a log-in')
  })
}

test('who may not read gets the same answer as where there is none, to the letter', async (t) => {
  const server = await serve(t)
  const { group, said } = await (await furnish(server))()
  for (const role of outside) {
    const device = await server.device(`${people[role]}:raw`)
    for (const [name, { more }] of Object.entries(matrix)) {
      t.deepEqual(
        await shapeOf(device, name, inputOf(name, more, group, said['tom']!)),
        await shapeOf(device, name, inputOf(name, more, 'nowhere', 1)),
        `${role}: ${name}`,
      )
    }
  }
})

/** On a poll of another member, and on their own. */
const onPolls: Record<string, readonly [Row, Row]> = {
  'actions.vote': [writers, writers],
  'actions.ballot': [readers, readers],
  'actions.closePoll': [admins, readers],
}
for (const [name, rows] of Object.entries(onPolls)) {
  test(`${name}: who may what with a poll`, async (t) => {
    const server = await serve(t)
    const make = await furnish(server, (name) => ({ type: 'poll', question: name, options: ['tea', 'coffee'] }))
    for (const role of roles) {
      const { group, said } = await make()
      const device = await server.device(`${people[role]}:raw`)
      const targets = [said['tom'], said[people[role]]]
      for (const [i, seq] of targets.entries()) {
        if (seq === undefined) continue
        t.is(await ask(device, name, inputOf(name, matrix[name]!.more, group, seq)), rows[i]![role], `${role} ${i}`)
      }
    }
  })
}

/** In a conversation of two, on a message of the other, and on one's own. */
const blockedOn = {
  'actions.edit': ['ACTIONS_NOT_YOURS', 'NATTER_NOT_AVAILABLE'],
  'actions.deleteForAll': [no, 'ok'],
  'actions.react': ['NATTER_NOT_AVAILABLE', 'NATTER_NOT_AVAILABLE'],
  'actions.unreact': ['ok', 'ok'],
  'actions.pin': ['NATTER_NOT_AVAILABLE', 'NATTER_NOT_AVAILABLE'],
  'actions.unpin': ['ok', 'ok'],
  'actions.pins': ['ok', 'ok'],
  'actions.remove': ['ok', 'ok'],
  'actions.removals': ['ok', 'ok'],
  'actions.entries': ['ok', 'ok'],
  'actions.thread': ['ok', 'ok'],
  'actions.editions': ['ok', 'ok'],
  'actions.forward': ['ok', 'ok'],
  'actions.vote': ['ACTIONS_CANNOT', 'ACTIONS_CANNOT'],
  'actions.ballot': ['ACTIONS_CANNOT', 'ACTIONS_CANNOT'],
  'actions.closePoll': [no, 'ACTIONS_CANNOT'],
  'actions.schedule': ['NATTER_NOT_AVAILABLE', 'NATTER_NOT_AVAILABLE'],
  'actions.scheduled': ['ok', 'ok'],
  'actions.reschedule': ['NATTER_NOT_FOUND', 'NATTER_NOT_FOUND'],
  'actions.unschedule': ['ok', 'ok'],
} as const satisfies Record<string, readonly [string, string]>
/** Who is not blocked: the same, but for what they have to say. */
const open = { NATTER_NOT_AVAILABLE: 'ok' } as const satisfies Record<string, string>

test('each command has its row for who is blocked', (t) => {
  t.deepEqual(Object.keys(blockedOn).toSorted(), Object.keys(matrix).toSorted())
})

for (const [name, expected] of Object.entries(blockedOn)) {
  test(`${name}: of two, and of two of whom one blocked the other`, async (t) => {
    const server = await serve(t)
    for (const blocked of [false, true]) {
      const [a, b, c] = [`a${blocked}`, `b${blocked}`, `c${blocked}`]
      const [alice, bob] = await server.friends(a, b)
      const conversation = await talk(alice, bob)
      await bob.conversation(conversation).send({ text: 'answer' }).sent
      if (blocked) await bob.friends.block({ user: a })
      const device = await server.device(`${a}:raw`)
      for (const [i, seq] of [2, 1].entries()) {
        const input = inputOf(name, matrix[name]!.more, conversation, seq)
        const code = expected[i]!
        t.is(await ask(device, name, input), blocked ? code : (open[code as keyof typeof open] ?? code), `on ${seq}`)
      }
      t.is(
        await ask(await server.device(`${c}:raw`), name, inputOf(name, matrix[name]!.more, conversation, 1)),
        absentOf(name),
      )
    }
  })
}
