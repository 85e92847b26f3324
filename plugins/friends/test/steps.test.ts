import test from 'ava'
import { changesOf } from '#src/changes-of.js'
import { columnsOf, mirrored, seenBy, shown, strangers } from '#src/seen.js'
import type { PairRow, Seen } from '#src/seen.js'
import { accept, ask, block, cancel, expire, letAnswer, reject, remove, unblock } from '#src/steps.js'

const states: Record<string, Seen> = {
  strangers,
  incoming: { ...strangers, is: 'incoming', at: 1, note: 'hi', expiresAt: 50 },
  outgoing: { ...strangers, is: 'outgoing', at: 1, note: 'hi', expiresAt: 50 },
  friend: { ...strangers, is: 'friend', at: 1 },
  blocks: { ...strangers, at: 1, blocks: 1 },
  blocked: { ...strangers, at: 1, blocked: 1 },
}
const steps = {
  'ask, welcome': ask(9, true, '', 90),
  'ask, not welcome': ask(9, false, '', 90),
  accept: accept(9),
  reject: reject(9),
  cancel: cancel(9),
  remove: remove(9),
  block: block(9),
  unblock,
  letAnswer,
  expire: expire(60),
  'expire, too early': expire(49),
}

/** What becomes of a state: what it is then, `=` for nothing, or the code. */
function outcome(seen: Seen, step: (seen: Seen) => Seen | undefined): string {
  try {
    const next = step(seen)
    if (!next) return '='
    const also = [next.blocks && 'blocks', next.blocked && 'blocked', next.refuses && 'refuses', next.lets && 'lets']
    return [next.is, ...also.filter(Boolean)].join(' ')
  } catch (error) {
    return (error as { code: string }).code
  }
}

test('what each act makes of what two people are, whatever was found before it', (t) => {
  const none = 'NATTER_NOT_FOUND'
  const hidden = 'NATTER_NOT_AVAILABLE'
  const mine = 'FRIENDS_YOU_BLOCKED'
  //                     strangers, incoming, outgoing, friend, blocks, blocked
  const table: Record<keyof typeof steps, readonly string[]> = {
    'ask, welcome': ['outgoing', 'friend', '=', '=', mine, hidden],
    'ask, not welcome': [hidden, 'friend', '=', '=', mine, hidden],
    accept: [none, 'friend', none, '=', none, none],
    reject: ['=', 'none refuses', '=', '=', '=', '='],
    cancel: ['=', '=', 'none', '=', '=', '='],
    remove: ['=', '=', '=', 'none', '=', '='],
    block: ['none blocks', 'none blocks', 'none blocks', 'none blocks', '=', 'none blocks blocked'],
    unblock: ['=', '=', '=', '=', 'none', '='],
    letAnswer: ['none lets', 'incoming lets', 'outgoing lets', 'friend lets', '=', 'none blocked lets'],
    expire: ['=', 'none', 'none', '=', '=', '='],
    'expire, too early': ['=', '=', '=', '=', '=', '='],
  }
  for (const [name, step] of Object.entries(steps)) {
    t.deepEqual(
      Object.values(states).map((seen) => outcome(seen, step)),
      table[name as keyof typeof steps],
      name,
    )
  }
})

test('a row says to both what it says to one', (t) => {
  const full: Seen = {
    is: 'incoming',
    at: 1,
    note: 'hi',
    expiresAt: 2,
    blocks: 3,
    blocked: undefined,
    refused: 4,
    refuses: undefined,
    lets: true,
    let: false,
  }
  for (const [me, other] of [
    ['alice', 'bob'],
    ['bob', 'alice'],
  ] as const) {
    const row = { a: 'alice', b: 'bob', stamp: 's', ...columnsOf(me, other, full) } as PairRow
    t.deepEqual(seenBy(me, row), full)
    t.deepEqual(seenBy(other, row), mirrored(full))
  }
  t.deepEqual(mirrored(mirrored(full)), full)
})

test('of the other’s block and of what is only remembered a list shows nothing', (t) => {
  const still: Seen = { ...strangers, blocks: 5, blocked: 7, refused: 8, refuses: 9, lets: true, let: true }
  t.deepEqual(shown(still), { is: 'none', blocked: true, at: 5 })
  t.is(shown({ ...still, blocks: undefined }), undefined)
  t.deepEqual(changesOf('a', 'b', strangers, { ...strangers, blocked: 1, lets: true }), [])
})
