import test from 'ava'
import { directId } from '#src/pipeline/direct-id.js'
import { DirectIds } from '#src/pipeline/direct-ids.js'

test('the remembered ids are those of the protocol, also after older ones were forgotten', (t) => {
  const ids = new DirectIds(2)
  for (let round = 0; round < 2; round++) {
    for (const [a, b] of [
      ['alice', 'bob'],
      ['bob', 'alice'],
      ['al', 'icebob'],
      ['alice', 'alice'],
    ] as const) {
      t.is(ids.of(a, b), directId(a, b))
      t.is(ids.of(a, b), directId(a, b))
    }
  }
})
