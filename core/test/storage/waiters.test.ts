import test from 'ava'
import { Waiters } from '#src/storage/waiters.js'

test('who waits has a place of their own, which is free again once it is taken', (t) => {
  const waiters = new Waiters<{ readonly name: string }>()
  const [a, b] = [waiters.add({ name: 'a' }), waiters.add({ name: 'b' })]
  t.not(a, b)
  t.is(waiters.size, 2)
  t.deepEqual(waiters.take(a), { name: 'a' })
  t.is(waiters.take(a), undefined)
  t.is(waiters.size, 1)
  t.is(waiters.add({ name: 'c' }), a)
  t.deepEqual(waiters.all(), [{ name: 'c' }, { name: 'b' }])
  t.is(waiters.take(9), undefined)
})

test('all leave together, and the places are used anew', (t) => {
  const waiters = new Waiters<{ readonly name: string }>()
  for (const name of ['a', 'b', 'c']) waiters.add({ name })
  waiters.take(1)
  t.deepEqual(waiters.takeAll(), [{ name: 'a' }, { name: 'c' }])
  t.is(waiters.size, 0)
  t.deepEqual(waiters.takeAll(), [])
  t.is(waiters.add({ name: 'd' }), 0)
})
