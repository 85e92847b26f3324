import test from 'ava'
import { boom, knock, tell } from './door.js'
import { handlersOf, never, setUp } from './harness.js'
import type { Line } from './harness.js'

const wrote = (lines: readonly Line[], level: string) => lines.filter((line) => line.level === level)

test('a notify handler that throws is logged with plugin and hook, and the others are told', async (t) => {
  const told: string[] = []
  const { kernel, lines } = await setUp(handlersOf(tell, boom, () => void told.push('p1')))
  t.is(kernel.run(tell)(knock, []), undefined)
  t.deepEqual(told, ['p1'])
  const [line] = wrote(lines, 'error')
  t.deepEqual(line?.bindings, { plugin: 'p0' })
  t.like(line?.details, { hook: 'message.told', err: { code: 'NATTER_HOOK_FAILED' } })
  t.is(line?.message, 'message.told: p0 threw "boom"; the others were told all the same.')
})

test('a notify handler that rejects is logged with plugin and hook, and nothing is rejected', async (t) => {
  const { kernel, lines, clock } = await setUp(handlersOf(tell, async () => boom()))
  t.is(kernel.run(tell)(knock, []), undefined)
  await clock.advance(0)
  t.is(wrote(lines, 'error')[0]?.message, 'message.told: p0 threw "boom"; the others were told all the same.')
})

test('a notify handler that never ends is logged', async (t) => {
  const { kernel, lines, clock } = await setUp(handlersOf(tell, never))
  kernel.run(tell)(knock, [])
  await clock.advance(5_000)
  t.is(
    wrote(lines, 'error')[0]?.message,
    'message.told: p0 did not answer within 5 s; the others were told all the same.',
  )
})
