import test from 'ava'
import { offeredActs } from '#web/screens/acts/offered.js'
import type { Acted } from '#web/state/connect-chat.js'

const now = Date.parse('2026-11-24T15:00')
const hour = 3_600_000
const own = { from: 'me', own: true, type: 'text', text: 'hello', seq: 3, at: now - hour }
const acted = (message: object, more: object = {}) =>
  ({ message: { ...own, ...message }, reactions: [], pinned: false, ...more }) as unknown as Acted
const offered = (given: Acted, more: Partial<Parameters<typeof offeredActs>[1]> = {}) =>
  offeredActs(given, { me: 'me', may: true, role: undefined, now, ...more })
const others = { from: 'ben', own: false }

test('what is mine can be changed and deleted for a while', (t) => {
  const lately = offered(acted({}))
  for (const doing of [
    'reply',
    'thread',
    'copy',
    'edit',
    'forward',
    'pin',
    'details',
    'remove',
    'deleteForAll',
  ] as const)
    t.true(lately.includes(doing), doing)
  const later = offered(acted({ at: now - 49 * hour }))
  t.false(later.includes('edit'))
  t.false(later.includes('deleteForAll'))
  t.true(later.includes('remove'))
})

test('what others wrote is theirs, except for who leads', (t) => {
  for (const [role, all] of [
    [undefined, false],
    ['member', false],
    ['admin', true],
    ['owner', true],
  ] as const) {
    const found = offered(acted(others), { role })
    t.false(found.includes('edit'))
    t.false(found.includes('details'))
    t.is(found.includes('deleteForAll'), all, String(role))
    t.is(found.includes('pin'), role === undefined || all, String(role))
  }
})

test('who may not write may copy, forward and delete for themselves', (t) => {
  t.deepEqual(offered(acted(others), { may: false, role: 'reader' }), ['copy', 'forward', 'remove'])
})

test('of what is deleted, or went with its author, nothing is left to do but to answer in its thread', (t) => {
  for (const gone of [acted(others, { deleted: { by: 'ben' } }), acted({ from: '', own: false, text: undefined })])
    t.deepEqual(offered(gone), ['thread', 'remove'])
})

test('a poll is ended by its author and by who leads, once', (t) => {
  const poll = { counts: [], ballots: [], closed: false }
  const asked = { type: 'poll', text: undefined }
  t.true(offered(acted(asked, { poll })).includes('closePoll'))
  t.false(offered(acted({ ...asked, ...others }, { poll })).includes('closePoll'))
  t.true(offered(acted({ ...asked, ...others }, { poll }), { role: 'admin' }).includes('closePoll'))
  t.false(offered(acted(asked, { poll: { ...poll, closed: true } })).includes('closePoll'))
  t.false(offered(acted(asked, { poll })).includes('edit'))
})
