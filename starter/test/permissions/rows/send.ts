import type { Place } from '../place.js'
import { apart, inside, openTo, together, writers } from '../shapes.js'
import type { CommandRows, Row } from '../shapes.js'

const text = { text: 'hello' }
type Address = string | { readonly user: string }

/** What is said, and where. */
const say = (
  what: string,
  to: (at: Place) => Address,
  row: Row,
  {
    body = () => text,
    absent = 'NATTER_NOT_FOUND',
  }: { readonly body?: (at: Place) => object; readonly absent?: string } = {},
) => ({ what, input: (at: Place) => ({ to: to(at), body: body(at) }), row, absent })
const inGroup = (what: string, row: Row, body: (at: Place) => object) => say(what, ({ group }) => group, row, { body })

const poll = { type: 'poll', question: 'Tea?', options: ['yes', 'no'] }
/** What only the server says is nobody's to say. */
const forged = inside('NATTER_FORBIDDEN')
/** The same, where who may not write is told that first. */
const unsaid: Row = { ...forged, 'read-only': writers['read-only'], muted: writers.muted }

/** What everybody gets for a message. */
export const sendRows = [
  inGroup('a text', writers, () => text),
  inGroup('a reply', writers, (at) => ({ type: 'reply', to: at.text, text: 'hello' })),
  inGroup('a poll', writers, () => poll),
  inGroup('what happened to the group', forged, () => ({
    type: 'group',
    event: { what: 'closed' },
    version: 1,
    before: 1,
  })),
  inGroup('what was done to a message', unsaid, () => ({ type: 'act', what: 'pinned', by: 'x', of: 2 })),
  inGroup('what is left of a message', unsaid, () => ({ type: 'deleted' })),
  inGroup('what was passed on', unsaid, () => ({ type: 'forward', text: 'hello', hops: 1 })),
  say('a text between two friends', (at) => at.friends, together('ok')),
  say('a text between two apart', (at) => at.apart, apart('NATTER_NOT_AVAILABLE')),
  // To oneself are one's own notes.
  say('a text to a person', ({ olga }) => ({ user: olga }), openTo, { absent: 'NATTER_NOT_AVAILABLE' }),
] as const satisfies CommandRows[string]
