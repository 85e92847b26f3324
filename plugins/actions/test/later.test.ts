import test from 'ava'
import { actsOf, later, mostBallots, mostEmoji, mostReactions } from '#src/later.js'
import type { AnyBody, Change } from '#src/later.js'
import { acted } from '#src/client/acted.js'

const change = (seq: number, by: string, more: Partial<Change> & Pick<Change, 'what'>): Change => ({
  by,
  seq,
  at: seq,
  ...more,
})
const all = (body: AnyBody, changes: readonly Change[]) => changes.reduce(later, body)
const hello = { text: 'hello' }

test('reactions beyond the bound do not count, whoever lets them into the log', (t) => {
  const many = all(
    hello,
    Array.from({ length: mostReactions + 5 }, (_, i) => change(i + 2, `u${i}`, { what: 'reacted', emoji: '👍' })),
  )
  t.is(actsOf(many).reactions?.[0]?.[1].length, mostReactions)
  const kinds = all(
    hello,
    Array.from({ length: mostEmoji + 5 }, (_, i) => change(i + 2, 'a', { what: 'reacted', emoji: `${i}` })),
  )
  t.is(actsOf(kinds).reactions?.length, mostEmoji)
  t.is(later(kinds, change(99, 'b', { what: 'reacted', emoji: '0' })) === kinds, false, 'of a kind that is there')
})

test('votes beyond the bound, and behind the end, do not count', (t) => {
  const poll = { type: 'poll', question: 'x', options: ['a', 'b'], until: 10_000 }
  const many = all(
    poll,
    Array.from({ length: mostBallots + 5 }, (_, i) => change(i + 2, `u${i}`, { what: 'voted', choices: [0] })),
  )
  t.is(actsOf(many).ballots?.length, mostBallots)
  const again = later(many, change(9_000, 'u0', { what: 'voted', choices: [1] }))
  t.deepEqual(actsOf(again).ballots?.[0], ['u0', [1]])
  t.is(later(poll, change(10_000, 'a', { what: 'voted', choices: [0] })), poll)
  const closed = later(poll, change(5, 'a', { what: 'closed' }))
  t.is(later(closed, change(6, 'a', { what: 'voted', choices: [0] })), closed)
})

test('what was deleted stays so, and only its thread goes on', (t) => {
  const gone = all({ type: 'reply', to: 1, thread: 1, text: 'x' }, [
    change(3, 'a', { what: 'reacted', emoji: '👍' }),
    change(4, 'b', { what: 'answered' }),
    change(5, 'a', { what: 'deleted' }),
  ])
  t.deepEqual(gone, { type: 'deleted', by: 'a', thread: 1, acts: { thread: { count: 1, last: 4 } } })
  const after = all(gone, [
    change(6, 'a', { what: 'edited', fields: { text: 'back' } }),
    change(7, 'a', { what: 'reacted', emoji: '👍' }),
    change(8, 'a', { what: 'pinned' }),
    change(9, 'b', { what: 'deleted' }),
  ])
  t.is(after, gone)
  t.deepEqual(actsOf(later(gone, change(10, 'c', { what: 'answered' }))).thread, { count: 2, last: 10 })
  const counted = later(hello, change(4, 'b', { what: 'answered' }))
  t.is(later(counted, change(4, 'b', { what: 'answered' })), counted, 'an answer counts once')
})

test('a message that is newer than the acts at hand is shown as it is', (t) => {
  const message = { type: 'text', text: 'hello', seq: 2, from: 'a', at: 1, changed: 8 }
  const act = { type: 'act', what: 'reacted', by: 'b', of: 2, emoji: '👍', seq: 6, from: 'system', at: 1 }
  const shown = (...messages: readonly (typeof message | typeof act)[]) => acted(messages, new Set(), 0)[0]?.reactions
  t.deepEqual(shown(message, act), [])
  t.deepEqual(shown({ ...message, changed: 5 }, act), [{ emoji: '👍', users: ['b'] }])
  t.deepEqual(shown({ ...message, changed: 5 }, { ...act, from: 'mallory' }), [], 'only the system says what was done')
})
