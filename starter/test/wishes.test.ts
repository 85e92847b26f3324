import test from 'ava'
import { wishedReactions, wishedVote } from '#web/state/wishes.js'

const both = [
  { emoji: '👍', users: ['ben', 'me'] },
  { emoji: '❤️', users: ['me'] },
]

test('a reaction that is under way is shown, once, where the others are', (t) => {
  t.deepEqual(wishedReactions([], [{ seq: 1, emoji: '👍', on: true }], 1, 'me'), [{ emoji: '👍', users: ['me'] }])
  t.deepEqual(wishedReactions(both, [{ seq: 1, emoji: '👍', on: true }], 1, 'me'), both, 'it came meanwhile')
  t.deepEqual(wishedReactions(both, [{ seq: 2, emoji: '🔥', on: true }], 1, 'me'), both, 'of another message')
})

test('what is being taken back is gone, and with the last one the kind', (t) => {
  const taken = wishedReactions(
    both,
    [
      { seq: 1, emoji: '👍', on: false },
      { seq: 1, emoji: '❤️', on: false },
    ],
    1,
    'me',
  )
  t.deepEqual(taken, [{ emoji: '👍', users: ['ben'] }])
  t.deepEqual(wishedReactions([], [{ seq: 1, emoji: '👍', on: false }], 1, 'me'), [])
})

test('on and off again in one breath is off', (t) => {
  const wishes = [
    { seq: 1, emoji: '🔥', on: true },
    { seq: 1, emoji: '🔥', on: false },
  ]
  t.deepEqual(wishedReactions(both, wishes, 1, 'me'), both)
})

test('of several votes that are under way the last one is shown', (t) => {
  const wishes = [
    { seq: 1, choices: [0] },
    { seq: 1, choices: [2] },
    { seq: 2, choices: [1] },
  ]
  t.deepEqual(wishedVote(wishes, 1), [2])
  t.is(wishedVote(wishes, 3), undefined)
  t.is(wishedVote([{ seq: 1, emoji: '👍', on: true }], 1), undefined)
})
