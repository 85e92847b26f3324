import test from 'ava'
import fc from 'fast-check'
import { isHello } from '#src/gateway/is-hello.js'
import type { Frame } from '#src/gateway/parse-frame.js'
import { hello } from '#src/protocol/frames.js'

const secret = fc.oneof(
  fc.string(),
  fc.constantFrom('', 'a'.repeat(4_096), 'a'.repeat(4_097), '😀'.repeat(2_048), null),
  fc.jsonValue(),
)
const device = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_.@:-]{1,66}$/),
  fc.constantFrom('', 'a b', null, 'a'.repeat(64), 'a'.repeat(65), 'a\n'),
)
const who = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record(
      { token: secret, ticket: secret, device, client: fc.string({ maxLength: 70 }), more: fc.jsonValue() },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
)
/** What clients send; of the others next to none is plain. */
const usual = fc.record(
  { token: fc.string(), ticket: fc.string(), device: fc.stringMatching(/^[A-Za-z0-9_.@:-]{1,64}$/) },
  { requiredKeys: [] },
)
const frame = fc
  .oneof(
    fc.tuple(fc.constantFrom('hello', 'hello', 'hello', 'Hello', 'q'), who, fc.array(fc.jsonValue(), { maxLength: 1 })),
    fc.tuple(fc.constant('hello'), usual, fc.constant([])),
  )
  .map(([kind, who, more]) => JSON.parse(JSON.stringify([kind, who, ...more])) as unknown as Frame)

test('what passes as a plain hello passes its schema, and all without a client name that passes the schema is plain', (t) => {
  let passed = 0
  fc.assert(
    fc.property(frame, (frame) => {
      const { success, data } = hello.safeParse(frame)
      const plain = success && data[1].client === undefined
      passed += Number(plain)
      return isHello(frame) === plain
    }),
    { numRuns: 5_000 },
  )
  t.true(passed > 1_000, `only ${passed} of 5,000 were plain`)
})
