import test from 'ava'
import { room as roomModel } from '@natter/groups/contract'
import { codeOf, eventsOf, groupOf, rolesIn, serveTogether } from './serve.js'

test('what one server did holds on the other at once: who comes, goes, writes, and what they are', async (t) => {
  const { servers } = await serveTogether(t, 2)
  const [here, there] = servers as [(typeof servers)[0], (typeof servers)[0]]
  const [alice, bob] = [await here.client('alice'), await there.client('bob')]
  const group = await groupOf(alice)
  await bob.groups.join({ group })
  t.is(await codeOf(bob.conversation(group).send({ text: 'x' }).sent), 'ok')
  await alice.groups.giveRole({ group, user: 'bob', role: 'reader' })
  t.is(await codeOf(bob.conversation(group).send({ text: 'x' }).sent), 'GROUPS_READ_ONLY')
  t.like(await bob.groups.get({ group }), { me: { role: 'reader' }, size: 2 })
  await alice.groups.kick({ group, user: 'bob' })
  t.is(await codeOf(bob.conversation(group).send({ text: 'x' }).sent), 'NATTER_NOT_FOUND')
  t.is(await codeOf(bob.groups.get({ group })), 'NATTER_NOT_FOUND')
})

test('races over two servers: two admins, the last use of a link, a hand-over to who goes', async (t) => {
  const { servers } = await serveTogether(t, 2)
  const [here, there] = servers as [(typeof servers)[0], (typeof servers)[0]]
  const alice = await here.client('alice')
  const [bob, carol] = [await here.client('bob'), await there.client('carol')]
  for (let round = 0; round < 10; round++) {
    const group = await groupOf(alice, [bob, carol])
    for (const user of ['bob', 'carol']) await alice.groups.giveRole({ group, user, role: 'admin' })
    const kicks = await Promise.all([
      codeOf(bob.groups.kick({ group, user: 'carol' })),
      codeOf(carol.groups.kick({ group, user: 'bob' })),
    ])
    t.deepEqual(kicks.toSorted(), ['NATTER_NOT_FOUND', 'ok'])
    t.is(Object.keys(await rolesIn(alice, group)).length, 2)

    const other = await groupOf(alice, [], { door: 'invite' })
    const { url } = await alice.groups.makeLink({ group: other, key: 'k', uses: 1 })
    const joins = await Promise.all([bob, carol].map((each) => codeOf(each.groups.join({ link: url }))))
    t.deepEqual(joins.toSorted(), ['NATTER_NOT_FOUND', 'ok'])

    const third = await groupOf(alice, [carol])
    const [handed, gone] = await Promise.all([
      codeOf(alice.groups.transfer({ group: third, user: 'carol' })),
      codeOf(carol.groups.leave({ group: third })),
    ])
    t.deepEqual([handed, gone], handed === 'ok' ? ['ok', 'GROUPS_OWNER'] : ['GROUPS_NO_MEMBER', 'ok'])
  }
})

test('an event whose projection could not be written is made up for, by a restarted server and by the other one', async (t) => {
  const { store, server, servers } = await serveTogether(t, 2)
  const [here, there] = servers as [(typeof servers)[0], (typeof servers)[0]]
  const [alice, bob] = [await here.client('alice'), await here.client('bob')]
  const group = await groupOf(alice, [bob])
  const row = () => store.records('groups', roomModel).get({ group })
  const before = (await row())!.seq
  here.weather.before = (model, verb) => {
    if (model !== 'log' && verb !== 'get' && verb !== 'page') throw new Error('no')
  }
  t.is(await codeOf(alice.groups.giveRole({ group, user: 'bob', role: 'reader' })), 'ok', 'the log has it')
  t.is(await codeOf(bob.groups.leave({ group })), 'ok')
  t.is(await codeOf(alice.groups.invite({ group, user: 'carol' })), 'ok')
  for (let i = 0; i < 3; i++) await alice.conversation(group).send({ text: `${i}` }).sent
  t.is((await row())!.seq, before)
  const again = await there.client('alice:2')
  t.deepEqual(await rolesIn(again, group), { alice: 'owner' })
  t.is((await row())!.seq, before + 3)
  t.is((await (await there.client('carol')).groups.invitations({})).invitations.length, 1)
  here.weather.before = undefined
  const third = await server()
  t.deepEqual(await rolesIn(await third.client('alice:3'), group), { alice: 'owner' })
  t.is((await eventsOf(again, group)).at(-1), 'invited')
})

test('a group whose row is lost is made again from its log alone', async (t) => {
  const { store, server, servers } = await serveTogether(t, 1)
  const [alice, bob] = [await servers[0].client('alice'), await servers[0].client('bob')]
  const group = await groupOf(alice, [bob])
  await alice.groups.giveRole({ group, user: 'bob', role: 'admin' })
  await bob.groups.set({ group, settings: { topic: 'Hills' } })
  for (let i = 0; i < 1_200; i++) await store.log.append(message(group, i))
  await bob.groups.ban({ group, user: 'eve' })
  // A body that says so is no event unless the system wrote it.
  const said = { what: 'transferred', by: 'alice', user: 'bob' }
  const body = JSON.stringify({ type: 'group', event: said, version: 99, before: 1 })
  await store.log.append({ ...message(group, 1_200), body })
  const rows = store.records('groups', roomModel)
  const stored = (await rows.take({ group }))!
  const later = await server()
  const seen = await (await later.client('alice:2')).groups.get({ group })
  t.like(seen, { owner: 'alice', size: 2, settings: { topic: 'Hills' } })
  t.deepEqual(await rows.get({ group }), stored)
})

const message = (conversation: string, i: number) => ({
  conversation,
  from: 'bob',
  clientId: `m${i}`,
  at: 1,
  body: '{"text":"x"}',
  digest: `${i}`,
  counts: true,
})

test('a group that was being dissolved when its server died is gone for who asks next', async (t) => {
  const { servers, store } = await serveTogether(t, 2)
  const [here, there] = servers as [(typeof servers)[0], (typeof servers)[0]]
  const [alice, bob] = [await here.client('alice'), await there.client('bob')]
  const group = await groupOf(alice, [bob])
  here.weather.before = (model, _verb, first) => {
    if (model === 'log' && JSON.stringify(first)?.includes('closed')) throw new Error('dead')
  }
  t.not(await codeOf(alice.groups.dissolve({ group })), 'ok')
  t.is(await codeOf(bob.conversation(group).send({ text: 'x' }).sent), 'NATTER_NOT_FOUND')
  t.is(await codeOf(bob.groups.get({ group })), 'NATTER_NOT_FOUND')
  t.true((await store.log.membership(group))!.members.every(({ left }) => left))
})
