import test from 'ava'
import fc from 'fast-check'
import { isRequest } from '#src/gateway/is-request.js'
import type { Frame } from '#src/gateway/parse-frame.js'
import { request } from '#src/protocol/frames.js'

const name = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9-]{0,3}\.[a-z][A-Za-z0-9-]{0,60}$/),
  fc.stringMatching(/^[a-z.A-Z-]{0,8}$/),
  fc.constantFrom('offline.sync', 'a.b.c', 'a', 'a.', '.a', 'A.b', 'a.B', 'a.b\n', 'ä.b'),
  fc.anything(),
)
const requestId = fc.oneof(
  fc.integer({ min: -2, max: 3 }),
  fc.constantFrom(2_147_483_647, 2_147_483_648, 0.5, -0, Number.NaN, '1', null),
)
const key = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_.@:-]{1,66}$/),
  fc.constantFrom('', 'a b', null, undefined, 'a'.repeat(64), 'a'.repeat(65)),
)
const kind = fc.oneof({ weight: 9, arbitrary: fc.constant('q') }, { weight: 1, arbitrary: fc.string() })
const frame = fc
  .tuple(kind, requestId, name, fc.jsonValue(), key, fc.array(fc.jsonValue(), { maxLength: 1 }))
  .chain(([kind, rid, name, input, key, more]) =>
    fc.oneof(
      { weight: 4, arbitrary: fc.constant([kind, rid, name, input]) },
      { weight: 4, arbitrary: fc.constant([kind, rid, name, input, key]) },
      { weight: 1, arbitrary: fc.constant([kind, rid, name, input, key, ...more]) },
      { weight: 1, arbitrary: fc.nat(4).map((length) => [kind, rid, name, input, key].slice(0, length)) },
    ),
  )
  // As it comes from a socket: plain JSON.
  .map((items) => JSON.parse(JSON.stringify(items)) as unknown as Frame)

test('what passes as a request is what its schema lets pass', (t) => {
  let passed = 0
  fc.assert(
    fc.property(frame, (frame) => {
      const expected = request.safeParse(frame).success
      passed += Number(expected)
      return isRequest(frame) === expected
    }),
    { numRuns: 5_000 },
  )
  t.true(passed > 100, `only ${passed} of 5,000 were requests`)
})
