import test from 'ava'
import { FakeClock, MemoryStore } from '@natter/testkit'
import { mark } from '@natter/friends/contract'
import { Recall } from '#src/recall.js'

const log = { warn: () => undefined } as never

async function recalls(count: number) {
  const clock = new FakeClock()
  const store = new MemoryStore({ clock })
  await store.prepare([{ plugin: 'friends', model: mark }], [])
  const marks = store.records('friends', mark)
  const all = Array.from({ length: count }, () => new Recall({ marks, clock, log }))
  for (const each of all) await each.look()
  return { clock, all: all as [Recall, ...Recall[]] }
}

test('what was read is at hand, without a promise, until it changes', async (t) => {
  const { all } = await recalls(1)
  const [recall] = all
  let stored = { value: 1 }
  const read = async () => stored
  t.deepEqual(await recall.get('key', read), { value: 1 })
  t.deepEqual(recall.get('key', read), { value: 1 })
  stored = { value: 2 }
  await recall.changed('key')
  t.deepEqual(await recall.get('key', read), { value: 2 })
  await recall.look()
  t.deepEqual(recall.get('key', read), { value: 2 })
})

test('what was read while it changed is not kept', async (t) => {
  const { all } = await recalls(1)
  const [recall] = all
  let arrive!: (value: string) => void
  const slow = recall.get('key', () => new Promise<string>((resolve) => (arrive = resolve)))
  await recall.changed('key')
  arrive('before')
  t.is(await slow, 'before')
  t.is(await recall.get('key', async () => 'after'), 'after')
})

test('another node forgets what changed, and no part of what did not', async (t) => {
  const { all } = await recalls(2)
  const [here, there] = all as unknown as [Recall, Recall]
  await there.get('changed', async () => 'before')
  await there.get('other', async () => 'same')
  await here.changed('changed')
  await there.look()
  t.is(await there.get('changed', async () => 'after'), 'after')
  t.is(
    there.get('other', async () => 'read again'),
    'same',
  )
})

test('what changes here between two changes elsewhere hides neither', async (t) => {
  const { all } = await recalls(2)
  const [here, there] = all as unknown as [Recall, Recall]
  await there.get('key', async () => 'before')
  await here.changed('key')
  await there.get('key', async () => 'before')
  // The same part: its mark is raised here too, and is not that of the last look plus one.
  await there.changed('key')
  await there.get('key', async () => 'before')
  await here.changed('key')
  await there.look()
  t.is(await there.get('key', async () => 'after'), 'after')
})

test('without a look that is younger than a second nothing is at hand', async (t) => {
  const { clock, all } = await recalls(1)
  const [recall] = all
  await recall.get('key', async () => 'before')
  await clock.advance(999)
  t.is(recall.get('key', async () => 'after') as string, 'before')
  await clock.advance(1)
  t.is(await recall.get('key', async () => 'after'), 'after')
})

test('so much is remembered and no more', async (t) => {
  const { all } = await recalls(1)
  const [recall] = all
  for (let i = 0; i < 70_000; i++) await recall.get(`key ${i}`, async () => 'x')
  t.is(await recall.get('key 0', async () => 'read again'), 'read again')
  t.is(recall.get('key 69999', async () => 'read again') as string, 'x')
})
