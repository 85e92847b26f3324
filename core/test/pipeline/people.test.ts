import test from 'ava'
import { peopleAfter, peopleOf } from '@natter/core'
import type { People } from '@natter/core'

const names = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `u${from + i}`)
const joins = (users: readonly string[]) => users.map((user) => ({ user }))

test('a few people are a list, many are a set that says the same', (t) => {
  t.deepEqual(peopleOf(['a', 'b', 'a']), ['a', 'b'] as never)
  const many = peopleOf(names(0, 1_000))
  t.false(Array.isArray(many))
  t.deepEqual([many.length, many.includes('u999'), many.includes('u1000')], [1_000, true, false])
  t.true(Array.isArray(peopleAfter(many, { leave: names(10, 1_000) })))
})

test('a change makes new people and leaves those before as they were', (t) => {
  let seed = 7
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below
  let people: People = peopleOf(names(0, 60))
  const expected = new Set(people)
  for (let step = 0; step < 3_000; step++) {
    const before = { people, users: [...people] }
    const leave = random(3) === 0 ? [`u${random(900)}`] : []
    const join = random(3) > 0 ? joins([`u${random(900)}`]) : []
    people = peopleAfter(people, { join, leave })
    for (const user of leave) expected.delete(user)
    for (const { user } of join) expected.add(user)
    if (step % 50 > 0) continue
    t.deepEqual([...people].toSorted(), [...expected].toSorted())
    t.is(people.length, expected.size)
    t.is(people.includes('u3'), expected.has('u3'))
    t.deepEqual([...before.people], before.users)
  }
})

test('who leaves and joins at once is there', (t) => {
  for (const people of [peopleOf(['a', 'b']), peopleOf(names(0, 100).concat('a'))]) {
    t.true(peopleAfter(people, { leave: ['a'], join: joins(['a']) }).includes('a'))
  }
})
