import test from 'ava'
import { dayName, listTime, timeAgo, untilTime } from '#web/format/dates.js'
import { happeningWords } from '#web/format/happening.js'
import { hueOf, initials } from '#web/format/initials.js'
import { isOnlyEmoji, textParts } from '#web/format/links.js'
import { mentionBegun, mentionParts, mentionsIn } from '#web/format/mentions.js'
import { messageRows } from '#web/format/message-rows.js'
import { bareHandle, hashOf, routeOf } from '#web/state/route.js'

const links = (text: string) => textParts(text).flatMap(({ href }) => href ?? [])
const joined = (text: string) =>
  textParts(text)
    .map((part) => part.text)
    .join('')

test('web addresses are found without the punctuation around them', (t) => {
  const cases: [text: string, found: string[]][] = [
    ['see https://example.org.', ['https://example.org/']],
    ['(https://example.org/a_(b))', ['https://example.org/a_(b)']],
    [
      'www.example.org, and http://localhost:3000/x?y=1#z!',
      ['https://www.example.org/', 'http://localhost:3000/x?y=1#z'],
    ],
    ['https://例え.jp/道', ['https://xn--r8jz45g.jp/%E9%81%93']],
    ['javascript:alert(1) data:text/html,x file:///etc/passwd mailto:a@b.c', []],
    ['https:// http://. https://nodots https://user@', []],
    ['xhttps://example.org', []],
    ['', []],
  ]
  for (const [text, found] of cases) {
    t.deepEqual(links(text), found, text)
    t.is(joined(text), text)
  }
})

test('a text of nothing but addresses and brackets keeps every character', (t) => {
  const text = `${'https://a.b/'.repeat(1_000)}${')'.repeat(4_000)}`
  t.is(joined(text), text)
})

test('one to three emoji stand alone, digits and words do not', (t) => {
  for (const text of ['😍', '👍🏽 👍', '🇵🇹', '👨‍👩‍👧‍👦❤️', '☕️ ']) t.true(isOnlyEmoji(text), text)
  for (const text of ['1', '*', '😍😍😍😍', 'ok 😍', '', ' ']) t.false(isOnlyEmoji(text), text)
})

test('initials come from the first and the last word, whole letters in any script', (t) => {
  const cases = [
    ['Ana Ferreira', 'AF'],
    ['ana.ferreira', 'AF'],
    ['ben', 'B'],
    ['  Ada  King  Lovelace ', 'AL'],
    ['éva', 'É'],
    ['陳大文', '陳'],
    ['👩‍🚀 x', '👩‍🚀X'],
    ['', ''],
    ['...', ''],
  ] as const
  for (const [name, expected] of cases) t.is(initials(name), expected, name)
})

test('a person has one colour', (t) => {
  t.is(hueOf('abc', 8), hueOf('abc', 8))
  t.true(new Set(Array.from({ length: 200 }, (_, index) => hueOf(`user-${index}`, 8))).size === 8)
})

const at = (text: string) => new Date(text).getTime()
const now = at('2026-11-24T15:00')

test('days are named by how long ago they are', (t) => {
  t.is(dayName(at('2026-11-24T00:01'), now), 'Today')
  t.is(dayName(at('2026-11-23T23:59'), now), 'Yesterday')
  t.is(dayName(at('2026-11-20T12:00'), now), 'Friday')
  t.regex(dayName(at('2026-11-10T12:00'), now), /10/)
  t.regex(dayName(at('2024-11-10T12:00'), now), /2024/)
  t.regex(dayName(at('2026-11-25T12:00'), now), /25/, 'a clock that is ahead')
  t.regex(listTime(at('2026-11-24T14:32'), now), /32/)
  t.is(listTime(at('2026-11-20T14:32'), now), 'Fri')
  t.is(timeAgo(now - 5 * 60_000, now), '5 minutes ago')
  t.is(timeAgo(now - 3 * 3_600_000, now), '3 hours ago')
  t.is(timeAgo(now - 86_400_000, now), 'yesterday')
  t.regex(untilTime(at('2026-11-24T23:10'), now), /^\S*23\S10|^11:10/)
  t.regex(untilTime(at('2026-11-25T15:00'), now), /25/, 'a time alone would be read as today')
})

let seq = 0
const message = (from: string, when: string, more: object = {}) => {
  seq += 1
  return { key: `m${seq}`, from, own: from === 'me', seq, at: at(when), ...more }
}

test('messages of one person within five minutes are a group, and days stand between', (t) => {
  seq = 0
  const rows = messageRows(
    [
      message('ben', '2026-11-23T23:58'),
      message('ben', '2026-11-24T00:01'),
      message('ben', '2026-11-24T00:02'),
      message('me', '2026-11-24T00:03'),
      message('me', '2026-11-24T00:30'),
    ],
    undefined,
  )
  t.deepEqual(
    rows.map((row) => (row.kind === 'message' ? [row.message.seq, row.first, row.last] : row.kind)),
    ['day', [1, true, true], 'day', [2, true, false], [3, false, true], [4, true, true], [5, true, true]],
  )
})

test('the line of what is new stands before the first unread message of others', (t) => {
  seq = 0
  const messages = [
    message('ben', '2026-11-24T10:00'),
    message('me', '2026-11-24T10:01'),
    message('ben', '2026-11-24T10:02'),
    message('ben', '2026-11-24T10:03'),
  ]
  const kinds = (read: number | undefined) =>
    messageRows(messages, read).map(({ kind, key }) => (kind === 'message' ? key : kind))
  t.deepEqual(kinds(1), ['day', 'm1', 'm2', 'unread', 'm3', 'm4'])
  t.deepEqual(kinds(4), ['day', 'm1', 'm2', 'm3', 'm4'])
  t.deepEqual(kinds(undefined), ['day', 'm1', 'm2', 'm3', 'm4'])
})

test('addresses lead to pages and back', (t) => {
  const routes = [
    { name: 'home' },
    { name: 'account' },
    { name: 'devices' },
    { name: 'with', handle: 'ana' },
    { name: 'with', handle: 'żółw/ü?#' },
    { name: 'conversation', id: 'd.x:y' },
    { name: 'about', id: 'd.x:y' },
    { name: 'join', link: 'g1~s/cr%t' },
    { name: 'people' },
    { name: 'newGroup' },
  ] as const
  for (const route of routes) t.deepEqual(routeOf(hashOf(route)), route)
  for (const hash of ['', '#', '#/']) t.deepEqual(routeOf(hash), { name: 'home' })
  for (const hash of ['#/with/', '#/with/%ff', '#/x', '#/with/a/b', '#main', '#/with/ana/about', '#/join/x/about'])
    t.is(routeOf(hash).name, 'unknown', hash)
  t.deepEqual(routeOf('#/with/@ana'), { name: 'with', handle: 'ana' })
  t.is(bareHandle(' @ana '), 'ana')
})

test('what the system tells stands between the messages, and is never what is new', (t) => {
  seq = 0
  const messages = [
    message('ben', '2026-11-24T10:00'),
    message('system', '2026-11-24T10:01'),
    message('ben', '2026-11-24T10:02'),
  ]
  const kinds = (read: number) => messageRows(messages, read).map(({ kind, key }) => (kind === 'day' ? kind : key))
  t.deepEqual(kinds(1), ['day', 'm1', 'm2', 'unread', 'm3'])
  const rows = messageRows(messages, undefined)
  t.deepEqual(
    rows.map((row) => (row.kind === 'message' ? [row.first, row.last] : row.kind)),
    ['day', [true, true], 'event', [true, true]],
  )
})

test('mentions are words that begin with @, and end where the handle ends', (t) => {
  const ids: Record<string, string> = { ana: 'u1', 'ben.okafor': 'u2' }
  const idOf = (handle: string) => ids[handle.toLowerCase()]
  t.deepEqual(mentionsIn('@ana, ask @Ben.Okafor. And @ana again', idOf), ['u1', 'u2'])
  t.deepEqual(mentionsIn('mail ana@ana or x@ana, @nobody', idOf), [])
  t.deepEqual(mentionsIn('@all: (@ana)', idOf), ['@all', 'u1'])
  t.is(mentionsIn(Array.from({ length: 60 }, (_, i) => `@p${i}`).join(' '), (handle) => handle).length, 50)
  const meant = new Map([['ana', 'u1']])
  t.deepEqual(mentionParts('Hi @Ana, and @ben', meant), [
    { text: 'Hi ' },
    { text: '@Ana', who: 'u1' },
    { text: ', and @ben' },
  ])
  t.is(mentionBegun('Hello @'), '')
  t.is(mentionBegun('Hello @be'), 'be')
  t.is(mentionBegun('mail ben@ex'), undefined)
  t.is(mentionBegun('@ben '), undefined)
})

test('what happened in a group reads as a sentence, from where I stand', (t) => {
  const words = (event: Parameters<typeof happeningWords>[0]) =>
    happeningWords(event, 'me', (id) => id.toUpperCase(), Date.parse('2026-11-24T10:00'))
  t.is(words({ what: 'role', by: 'ada', user: 'bob', role: 'admin' }), 'ADA made BOB an admin')
  t.is(words({ what: 'role', by: 'me', user: 'bob', role: 'reader' }), 'You made BOB a reader')
  t.is(words({ what: 'kicked', by: 'ada', user: 'me' }), 'ADA removed you')
  t.is(words({ what: 'joined', user: 'me' }), 'You joined')
  t.is(words({ what: 'joined', user: 'bob', by: 'ada' }), 'ADA let BOB in')
  t.is(words({ what: 'uninvited', by: 'bob', user: 'bob' }), 'BOB did not take the invitation')
  t.is(words({ what: 'set', by: 'ada', settings: { name: 'Hikers' } }), 'ADA named the group “Hikers”')
  t.is(words({ what: 'set', by: 'ada', settings: { slowMs: 5 } }), 'ADA changed the settings')
  t.is(words({ what: 'closed' }), '')
})
