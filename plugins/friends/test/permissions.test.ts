import test from 'ava'
import * as contract from '@natter/friends/contract'
import { RawDevice } from '@natter/testkit'
import type { RawRefusal } from '@natter/testkit'
import { befriend, serve } from './serve.js'

/** What each person is to Alice, and what they get for each command about her. */
const roles = ['stranger', 'blocked', 'friend', 'self'] as const
type Role = (typeof roles)[number]
const hidden = 'NATTER_NOT_AVAILABLE'
const none = 'NATTER_NOT_FOUND'
const own = { stranger: 'ok', blocked: 'ok', friend: 'ok', self: 'ok' } as const
const matrix: Record<string, { input: object; row: Record<Role, string> }> = {
  'friends.request': {
    input: { user: 'alice' },
    row: { stranger: 'ok', blocked: hidden, friend: 'ok', self: 'FRIENDS_SELF' },
  },
  'friends.accept': { input: { user: 'alice' }, row: { stranger: none, blocked: none, friend: 'ok', self: none } },
  'friends.reject': { input: { user: 'alice' }, row: own },
  'friends.cancel': { input: { user: 'alice' }, row: own },
  'friends.remove': { input: { user: 'alice' }, row: own },
  'friends.remark': {
    input: { user: 'alice', remark: 'x' },
    row: { stranger: none, blocked: none, friend: 'ok', self: none },
  },
  'friends.assign': {
    input: { user: 'alice', groups: [] },
    row: { stranger: none, blocked: none, friend: 'ok', self: none },
  },
  // Of a person's own: what Alice thinks of them does not matter.
  'friends.createGroup': { input: { name: 'mine' }, row: own },
  'friends.renameGroup': {
    input: { group: 'hers', name: 'x' },
    row: { stranger: none, blocked: none, friend: none, self: none },
  },
  'friends.deleteGroup': { input: { group: 'hers' }, row: own },
  'friends.privacy': { input: { find: 'everyone' }, row: own },
  'friends.sync': { input: {}, row: own },
  'friends.suggest': { input: {}, row: own },
  'friends.search': { input: { text: 'ali' }, row: own },
  'friends.find': { input: { handle: 'alice' }, row: { stranger: 'ok', blocked: hidden, friend: 'ok', self: 'ok' } },
  'friends.block': { input: { user: 'alice' }, row: { ...own, self: 'FRIENDS_SELF' } },
  'friends.unblock': { input: { user: 'alice' }, row: own },
}
const commands = Object.values(contract).flatMap((each) => ('kind' in each && each.kind === 'command' ? [each] : []))

test('each command has its row, and each row its command', (t) => {
  t.deepEqual(Object.keys(matrix).toSorted(), commands.map(({ name }) => name).toSorted())
})

for (const [name, { input, row }] of Object.entries(matrix)) {
  test(`${name}: who may what`, async (t) => {
    const server = await serve(t, { search: () => ['alice'], suggest: () => ['alice'] })
    const alice = await server.client('alice')
    const people = { stranger: 'stefan', blocked: 'bob', friend: 'fiona', self: 'alice' } as const
    await befriend(alice, await server.client(people.friend))
    await alice.friends.block({ user: people.blocked })
    for (const role of roles) {
      const device = await server.device(`${people[role]}:raw`)
      const code = await device.request(name, input).then(
        () => 'ok',
        (error: RawRefusal) => error.code,
      )
      t.is(code, row[role], role)
    }
    const nobody = RawDevice.connect(server.chat as never)
    nobody.send(['q', 1, name, input])
    t.is((await nobody.closed).code, 4400, 'nobody without a log-in')
    t.false(nobody.frames.some(([kind]) => kind === 'ok'))
  })
}
