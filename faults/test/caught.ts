import type { TestFn } from 'ava'
import { plants } from '#plants/plants.js'
import { outcomeOf } from '#src/run/planted.js'

/** One part of all plants: files run side by side, and the tests of a file one after the other. */
export function testCaught(test: TestFn, part: number, parts: number): void {
  for (const [place, { name, bug, shownBy }] of plants.entries()) {
    if (place % parts !== part) continue
    test.serial(`caught, by ${shownBy}: ${name}`, async (t) => {
      t.timeout(240_000)
      const outcome = await outcomeOf(name, `test ${name}`)
      // Where the power cannot be cut, the suite of the power cuts says so by name.
      if (outcome === 'not run') return t.is(shownBy, 'power cuts')
      t.is(outcome, 'caught', bug)
    })
  }
}
