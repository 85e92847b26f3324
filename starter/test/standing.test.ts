import test from 'ava'
import type { ConversationInfo } from '#web/state/connect-chat.js'
import { byPin, countedUnread, standingOf } from '#web/state/standing.js'

const now = Date.parse('2026-11-24T15:00')
const info = (unread: number, read: number, more: object = {}) =>
  ({ id: 'c', unread, me: { read, received: read }, left: false, ...more }) as unknown as ConversationInfo
const standing = (given: ConversationInfo, setting: object = {}) =>
  standingOf(given, { conversation: 'c', version: 1, ...setting }, now)
const counted = (given: ConversationInfo, setting: object = {}) => countedUnread(given, standing(given, setting))

test('unread is counted, but not in what is muted, archived, or left', (t) => {
  t.is(counted(info(3, 5)), 3)
  t.is(counted(info(3, 5), { muted: true }), 0)
  t.is(counted(info(3, 5), { muted: now + 1 }), 0)
  t.is(counted(info(3, 5), { muted: now - 1 }), 3, 'a mute that is over')
  t.is(counted(info(3, 5), { archived: true }), 0)
  t.is(counted(info(3, 5, { left: true })), 0)
})

test('what is marked as unread counts as one, until something is read or comes', (t) => {
  t.is(counted(info(0, 5), { unread: 5 }), 1)
  t.is(counted(info(0, 6), { unread: 5 }), 0)
  t.is(counted(info(2, 5), { unread: 5 }), 2)
  t.false(standing(info(2, 5), { unread: 5 }).marked)
})

test('pinned ones stand above by their places, and the others keep their order', (t) => {
  const list = [
    ['a', undefined],
    ['b', 2],
    ['c', undefined],
    ['d', 1],
  ] as const
  const sorted = list.toSorted(([, a], [, b]) =>
    byPin(
      standing(info(0, 0), a === undefined ? {} : { pinned: a }),
      standing(info(0, 0), b === undefined ? {} : { pinned: b }),
    ),
  )
  t.is(sorted.map(([id]) => id).join(''), 'dbac')
})
