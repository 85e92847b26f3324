import test from 'ava'
import fc from 'fast-check'
import { isSend } from '#src/gateway/is-send.js'
import type { Frame } from '#src/gateway/parse-frame.js'
import { send } from '#src/protocol/frames.js'

const id = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_.@:-]{1,66}$/),
  fc.constantFrom('', 'a b', 'ä', 'a/b', 'a\n', 'a'.repeat(64), 'a'.repeat(65)),
  fc.anything(),
)
const requestId = fc.oneof(
  fc.integer({ min: -2, max: 3 }),
  fc.constantFrom(2_147_483_647, 2_147_483_648, 0.5, -0, Number.NaN, '1', null),
)
const address = fc.oneof(
  id,
  id.map((user) => ({ user })),
  id.map((user) => ({ user, more: 1 })),
  fc.constantFrom([], { user: undefined }, {}, null),
)
const body = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue())
/** What clients send; of the others next to none is a send. */
const known = fc.stringMatching(/^[A-Za-z0-9_.@:-]{1,64}$/)
const usual = fc.tuple(
  fc.constant('s'),
  fc.integer({ min: 1, max: 2_147_483_647 }),
  fc.oneof(
    known,
    known.map((user) => ({ user })),
  ),
  known,
  fc.dictionary(fc.string(), fc.jsonValue()),
)
const kind = fc.oneof({ weight: 9, arbitrary: fc.constant('s') }, { weight: 1, arbitrary: fc.string() })
const odd = fc
  .tuple(kind, requestId, address, id, body, fc.array(fc.jsonValue(), { maxLength: 1 }))
  .chain(([kind, rid, to, key, body, more]) =>
    fc.oneof(
      { weight: 5, arbitrary: fc.constant([kind, rid, to, key, body]) },
      { weight: 1, arbitrary: fc.constant([kind, rid, to, key, body, ...more]) },
      { weight: 1, arbitrary: fc.nat(4).map((length) => [kind, rid, to, key, body].slice(0, length)) },
    ),
  )
const frame = fc
  .oneof(odd, usual)
  // As it comes from a socket: plain JSON.
  .map((items) => JSON.parse(JSON.stringify(items)) as unknown as Frame)

test('what passes as a send is what its schema lets pass', (t) => {
  let passed = 0
  fc.assert(
    fc.property(frame, (frame) => {
      const expected = send.safeParse(frame).success
      passed += Number(expected)
      return isSend(frame) === expected
    }),
    { numRuns: 5_000 },
  )
  t.true(passed > 1_000, `only ${passed} of 5,000 were sends`)
})
