import type { Me, Place } from '../place.js'
import { admins, apart, everybody, hers, inside, mine, readers, together, writers } from '../shapes.js'
import type { CommandCase, CommandRows, Row } from '../shapes.js'

const no = 'ACTIONS_NOT_ALLOWED'
const yours = 'ACTIONS_NOT_YOURS'
const cannot = 'ACTIONS_CANNOT'
const away = 'NATTER_NOT_AVAILABLE'

/** On what, and the message there. Between two, `theirs` is the other's and `own` one's own. */
const targets = {
  'on another’s message': ({ group, text }: Place) => [group, text],
  'on their own': ({ group, text }: Place, me: Me) => [group, me.text ?? text],
  'on another’s poll': ({ group, poll }: Place) => [group, poll],
  'on their own poll': ({ group, poll }: Place, me: Me) => [group, me.poll ?? poll],
  'of two friends, theirs': (at: Place, { user }: Me) => [at.friends, user === at.olga ? at.second : at.first],
  'of two friends, own': (at: Place, { user }: Me) => [at.friends, user === at.olga ? at.first : at.second],
  'of two apart, theirs': (at: Place, { user }: Me) => [at.apart, user === at.olga ? at.second : at.first],
  'of two apart, own': (at: Place, { user }: Me) => [at.apart, user === at.olga ? at.first : at.second],
} satisfies Record<string, (at: Place, me: Me) => readonly [string, number]>
type On = { readonly [T in keyof typeof targets]?: Row }

type Form = (conversation: string, seq: number, at: Place) => object

/** The cases of a command: what each gets, by what it is done on. */
function on(rows: On, form: Form, once = false): CommandRows[string] {
  const cases = Object.entries(rows).map(([what, row]): CommandCase => {
    const target: (at: Place, me: Me) => readonly [string, number] = targets[what as keyof On]
    return { what, row, once: once && what.startsWith('on another'), input: (at, me) => form(...target(at, me), at) }
  })
  return cases as unknown as CommandRows[string]
}
const message = (rows: On, more: object = {}) => on(rows, (conversation, seq) => ({ conversation, seq, ...more }))
/** What is done to a message for all. */
const once = (rows: On) => on(rows, (conversation, seq) => ({ conversation, seq }), true)

/** In the group, and between two. */
const places = (group: Row, friends: string, blocked = friends): On => ({
  'on another’s message': group,
  'of two friends, theirs': together(friends),
  'of two friends, own': together(friends),
  'of two apart, theirs': apart(blocked),
  'of two apart, own': apart(blocked),
})
/** What somebody noted for themselves, passed on to a place. */
const passing = (what: string, to: (at: Place) => string, row: Row): CommandCase => ({
  what,
  row,
  input: (at, { notes }) => ({ conversation: notes, seq: 1, to: [to(at)], key: to(at) }),
})
const reading = places(readers, 'ok')

export const actions: CommandRows = {
  'actions.edit': message(
    {
      'on another’s message': inside(yours),
      'on their own': writers,
      'of two friends, theirs': together(yours),
      'of two friends, own': together('ok'),
      'of two apart, theirs': apart(yours),
      'of two apart, own': apart(away),
    },
    { text: 'x' },
  ),
  // Their own words everybody takes back who can see them.
  'actions.deleteForAll': once({
    'on another’s message': admins(no),
    'on their own': readers,
    'of two friends, theirs': together(no),
    'of two friends, own': together('ok'),
    'of two apart, theirs': apart(no),
    'of two apart, own': apart('ok'),
  }),
  'actions.react': message(places(writers, 'ok', away), { emoji: '👍' }),
  'actions.unreact': message(reading, { emoji: '👍' }),
  'actions.pin': once(places(admins(no), 'ok', away)),
  'actions.unpin': once(places(admins(no), 'ok')),
  'actions.pins': on(reading, (conversation) => ({ conversation })),
  'actions.remove': on(reading, (conversation, seq) => ({ conversation, seqs: [seq] })),
  'actions.removals': on(reading, (conversation) => ({ conversation })),
  'actions.entries': on(reading, (conversation, seq) => ({ conversation, seqs: [seq] })),
  'actions.thread': message(reading),
  'actions.editions': message(reading),
  // On a text: who may not read learns nothing of what it is, who may learns that it is no poll.
  'actions.vote': message(
    { ...places(inside(cannot), cannot), 'on another’s poll': writers, 'on their own poll': writers },
    { choices: [0] },
  ),
  'actions.ballot': message({
    ...places(inside(cannot), cannot),
    'on another’s poll': readers,
    'on their own poll': readers,
  }),
  'actions.closePoll': once({
    'on another’s message': { ...admins(no), admin: cannot, owner: cannot },
    'on their own': inside(cannot),
    'on another’s poll': admins(no),
    'on their own poll': readers,
    'of two friends, theirs': together(no),
    'of two friends, own': together(cannot),
    'of two apart, theirs': apart(no),
    'of two apart, own': apart(cannot),
  }),
  // Whoever may read may pass on: to where they may write, which each place says for itself.
  'actions.forward': [
    ...on(reading, (conversation, seq, { tom }) => ({ conversation, seq, to: [{ user: tom }], key: 'k' })),
    passing('to the group', ({ group }) => group, writers),
    passing('to two friends', ({ friends }) => friends, together('ok')),
    passing('to two apart', (at) => at.apart, apart(away)),
  ],
  // Judged as what is sent at once.
  'actions.schedule': on(
    { 'on another’s message': writers, 'of two friends, own': together('ok'), 'of two apart, own': apart(away) },
    (conversation) => ({ to: conversation, body: { text: 'x' }, at: Date.UTC(2026, 0, 2), id: conversation }),
  ),
  // What waits is there for its author alone.
  'actions.scheduled': [{ input: () => ({}), row: mine }],
  'actions.reschedule': [
    { what: 'hers', input: ({ later }) => ({ id: later, body: { text: 'x' } }), row: hers },
    { what: 'none', input: () => ({ id: 'none', body: { text: 'x' } }), row: everybody('NATTER_NOT_FOUND') },
  ],
  'actions.unschedule': [
    { input: ({ group, later }) => ({ conversation: group, id: later }), row: mine, absent: 'ok', changes: ['owner'] },
  ],
  'actions.setTimer': on(places(admins(no), 'ok', away), (conversation) => ({ conversation, afterMs: 60_000 }), true),
  'actions.timer': on(reading, (conversation) => ({ conversation })),
}
