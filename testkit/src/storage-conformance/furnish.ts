import { field, model } from '@natter/core/contract'
import type { Log, OwnedModel, Storage } from '@natter/core/contract'
import { FakeClock } from '../fake-clock.js'
import { MemoryStore } from '../memory-storage.js'
import type { SuiteContext } from './suite.js'
import { direct, group, message, numbers, range } from './suite.js'

const relic = model('relic', {
  fields: {
    room: field.id(),
    id: field.int(),
    owner: field.id({ optional: true }),
    at: field.time({ optional: true }),
    on: field.bool({ optional: true }),
    name: field.text({ max: 100, optional: true }),
    text: field.text({ optional: true }),
    data: field.json({ optional: true }),
  },
  key: ['room', 'id'],
  indexes: [
    ['owner', 'at'],
    ['room', 'on'],
  ],
  unique: [['name']],
})
const rows = [
  {
    room: 'a',
    id: 1,
    owner: 'alice',
    at: 1_700_000_000_000,
    on: true,
    name: 'Stra\u00dfe',
    text: '',
    data: { a: [1, null] },
  },
  { room: 'a', id: 2, owner: 'alice', at: -1, on: false, name: 'stra\u00dfe', text: 'quote \' " \\ % \n 🙂' },
  { room: 'a', id: Number.MAX_SAFE_INTEGER, owner: 'bob', data: 'text' },
  { room: 'B', id: Number.MIN_SAFE_INTEGER, name: '' },
]

/** The models of what `furnish` leaves. */
export const furnishedModels: readonly OwnedModel[] = [{ plugin: 'suite', model: relic }]

/**
 * Fills an empty store, prepared with `furnishedModels`, with something of everything. What it writes never changes, so
 * that a store which an earlier release furnished can be given to the suite as `older`.
 *
 * @example
 * await storage.prepare(furnishedModels, [])
 * await furnish(storage)
 */
export async function furnish(storage: Storage): Promise<void> {
  const { log } = storage
  const relics = storage.records('suite', relic)
  for (const row of rows) await relics.insert(row)
  const began = await log.begin()
  const kv = storage.kv('suite')
  await kv.set('stays', 'value 🙂')
  await kv.set('ends', 'late', { ttlMs: Number.MAX_SAFE_INTEGER })
  await kv.set('began', JSON.stringify({ ...began, mark: 3 }))

  const say = (conversation: string, from: string, id: string, at: number, more: Parameters<typeof message>[3] = {}) =>
    log.append(message(conversation, from, id, { at, ...more }))
  await say('direct', 'alice', '1', 100, { open: direct('alice', 'bob') })
  for (const i of numbers(2, 6)) await say('direct', i % 2 ? 'alice' : 'bob', `${i}`, 100 + i)
  await log.mark('direct', 'alice', { received: 6 })
  await log.rewrite('direct', 2, { body: '{"text":"edited"}', by: 6 })
  await log.rewrite('direct', 3, { body: '', by: 6, forget: 'content' })
  await log.rewrite('direct', 4, { body: '{"text":"kept"}', by: 6, forget: 'author' })

  await say('group', 'system', 'open', 200, { counts: false, open: group('alice', 'bob', 'carol') })
  await say('group', 'alice', '1', 201, { judgedAt: 1 })
  await say('group', 'system', 'out', 202, { counts: false, members: { leave: ['bob'] } })
  await say('group', 'system', 'in', 203, {
    counts: false,
    members: { join: [{ user: 'dora' }, { user: 'emil', floor: 1 }] },
  })
  await say('group', 'carol', 'same', 204)
  await say('group', 'dora', 'same', 205)
  await say('empty', 'system', 'open', 300, { counts: false, open: group() })
}

/** Everything that can be read of what `furnish` left, but for marks of the change order, which a store may give as it likes. */
async function read({ log }: { readonly log: Log }): Promise<unknown> {
  const conversations = ['direct', 'group', 'empty']
  const users = ['alice', 'bob', 'carol', 'dora', 'emil']
  const changed = await log.changed(0, 100)
  const states = await Promise.all(users.map((user) => log.states(user, { after: 0, limit: 100 })))
  return {
    heads: await Promise.all(conversations.map((id) => log.head(id))),
    memberships: await Promise.all(conversations.map((id) => log.membership(id))),
    entries: (await Promise.all(conversations.map((id) => log.range(id, range(1, 500))))).flat(),
    changed: changed.map(({ conversation, seq }) => [conversation, seq]),
    states: states.map((list) => list.map(({ mark: _, ...state }) => state)),
    digests: await Promise.all(
      ['1', '2', '3'].map(async (id) => (await log.find('direct', id === '2' ? 'bob' : 'alice', id))?.digest),
    ),
  }
}

/** Whether a store is as `furnish` left it, and goes on from there. */
export async function checkFurnished(t: SuiteContext, storage: Storage): Promise<void> {
  const { log } = storage
  const fresh = new MemoryStore({ clock: new FakeClock() })
  await fresh.prepare(furnishedModels, [])
  await furnish(fresh)
  t.deepEqual(await read(storage), await read(fresh))

  const relics = storage.records('suite', relic)
  for (const row of rows) t.deepEqual(await relics.get({ room: row.room, id: row.id }), row)
  const idsOf = async (where: Parameters<typeof relics.page>[0]) => (await relics.page(where)).rows.map(({ id }) => id)
  t.deepEqual(await idsOf({ owner: 'alice' }), [2, 1])
  t.deepEqual(await idsOf({ room: 'a', on: true }), [1])
  t.deepEqual(await idsOf({ name: { lt: 'stra' } }), [Number.MIN_SAFE_INTEGER, 1])
  t.is(await relics.insert({ room: 'c', id: 1, name: 'Stra\u00dfe' }), 'exists')
  t.is(await relics.insert({ room: 'c', id: 1, name: 'Strasse' }), 'inserted')
  t.is((await relics.updateIf({ room: 'a', id: 2 }, {}, { at: 1 }))?.at, 0)
  const kv = storage.kv('suite')
  t.is(await kv.get('stays'), 'value 🙂')
  t.is(await kv.take('ends'), 'late')
  const cursor = JSON.parse((await kv.get('began'))!) as Parameters<Log['holds']>[0]
  t.is(await log.holds(cursor), true)
  t.is(await log.holds({ ...cursor, incarnation: 'another' }), false)

  t.deepEqual(await log.append(message('direct', 'alice', '1')), { status: 'duplicate', seq: 1, n: 1, at: 100 })
  t.deepEqual(await log.append(message('direct', 'alice', '1', { digest: 'x' })), { status: 'conflict' })
  t.is((await log.append(message('direct', 'alice', '3', { digest: 'x' }))).status, 'duplicate', 'its digest is gone')
  t.deepEqual(await log.append(message('direct', 'bob', '4', { at: 5 })), { status: 'appended', seq: 7, n: 7, at: 106 })
  t.is((await log.append(message('group', 'carol', '2', { judgedAt: 1 }))).status, 'stale')
  const { version } = (await log.head('group'))!
  const members = { join: [{ user: 'bob' }] }
  t.deepEqual(await log.append(message('group', 'carol', '2', { at: 300, judgedAt: version, members })), {
    status: 'appended',
    seq: 7,
    n: 4,
    at: 300,
  })
  t.deepEqual((await log.state('bob', 'group'))?.me, { user: 'bob', floor: 6, left: false, read: 0, received: 0 })
  t.deepEqual((await log.changed(0, 100)).map(({ conversation }) => conversation).slice(-2), ['direct', 'group'])
}
