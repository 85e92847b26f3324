import { setImmediate as turn } from 'node:timers/promises'
import test from 'ava'
import { openPeople } from '#web/state/people.js'
import { openDrafts } from '#web/state/drafts.js'
import { keptIn } from '#web/state/kept.js'
import type { Kept } from '#web/state/kept.js'

const inMemory = (): Kept =>
  keptIn(() => {
    throw new Error('storage is not allowed here')
  })

test('people are asked for in one go, each once', async (t) => {
  const asked: string[][] = []
  const people = openPeople(inMemory(), 'me', (ids) => {
    asked.push(ids)
    return Promise.resolve(ids.map((id) => ({ id, name: id.toUpperCase(), handle: id })))
  })
  const [a, b] = [people.of('a'), people.of('b')]
  t.is(people.of('a'), a)
  await turn()
  t.deepEqual(asked, [['a', 'b']])
  t.is(a.value?.name, 'A')
  t.is(b.value?.name, 'B')
  t.is(people.byHandle('B')?.id, 'b')
})

test('who could not be asked for is asked for again with the next connection', async (t) => {
  let connected = false
  const people = openPeople(inMemory(), 'me', (ids) =>
    connected ? Promise.resolve(ids.map((id) => ({ id, name: id }))) : Promise.reject(new Error('offline')),
  )
  const a = people.of('a')
  await turn()
  t.is(a.value, undefined)
  connected = true
  people.refresh()
  await turn()
  t.is(a.value?.name, 'a')
})

test('who was known is known without a connection, until all is cleared', async (t) => {
  const kept = inMemory()
  const first = openPeople(kept, 'me', () => Promise.resolve([]))
  first.learn({ id: 'a', name: 'Ana', handle: 'ana' })
  const offline = () => Promise.reject(new Error('offline'))
  t.is(openPeople(kept, 'me', offline).of('a').value?.name, 'Ana')
  t.is(openPeople(kept, 'other', offline).of('a').value, undefined)
  first.clear()
  t.is(openPeople(kept, 'me', offline).of('a').value, undefined)
  await turn()
})

test('drafts are kept per person and conversation, and cleared with the person', (t) => {
  const kept = inMemory()
  const drafts = openDrafts(kept, 'me')
  drafts.set('c1', 'half')
  drafts.set('c2', '  ')
  t.is(openDrafts(kept, 'me').of('c1').value, 'half')
  t.is(openDrafts(kept, 'me').of('c2').value, '')
  t.is(openDrafts(kept, 'other').of('c1').value, '')
  openDrafts(kept, 'other').set('c1', 'theirs')
  drafts.clear()
  t.is(drafts.of('c1').value, '')
  t.is(openDrafts(kept, 'me').of('c1').value, '')
  t.is(openDrafts(kept, 'other').of('c1').value, 'theirs')
})
