import test from 'ava'
import { body, defineErrors, deny, isDenied, messageHook } from '@natter/core/contract'
import type { MessageHook } from '@natter/core/contract'
import { setUp, setupOf } from './harness.js'
import { anything } from './schemas.js'

type AnyMessageHook = MessageHook<'veto' | 'transform' | 'first' | 'collect' | 'notify'>
const allow = messageHook<'veto', 'draft'>('veto', 'message.allow')
const change = messageHook<'transform', 'draft'>('transform', 'message.change')
const pollBody = body('poll', anything as never)
const PollErrors = defineErrors('POLL', { CLOSED: { status: 409, message: 'This poll is closed.' } })
const draft = (type: string, extra: object = {}) => ({
  type,
  conversation: 'c',
  from: 'alice',
  clientId: 'x',
  ...extra,
})

const handles = (name: string, hook: unknown, handler: (value: never) => unknown, order = {}) =>
  setupOf(name, (api) => api.hook(hook as AnyMessageHook, handler as never, order))

test('a handler of one kind of message is called for that kind only, others for all', async (t) => {
  const seen: string[] = []
  const { kernel } = await setUp([
    handles('polls', allow.of(pollBody), () => void seen.push('polls')),
    handles('all', allow, () => void seen.push('all')),
  ])
  const run = kernel.runBody(allow)
  t.is(run(draft('text'), {}), undefined)
  t.deepEqual(seen.splice(0), ['all'])
  t.is(run(draft('poll'), {}), undefined)
  t.deepEqual(seen.splice(0), ['polls', 'all'])
  t.is(run(draft('never-heard-of'), {}), undefined)
  t.deepEqual(seen.splice(0), ['all'])
})

test('handlers of one kind keep their place among those of all', async (t) => {
  const seen: string[] = []
  const { kernel } = await setUp([
    handles('a', allow, () => void seen.push('a')),
    handles('b', allow.of(pollBody), () => void seen.push('b'), { before: ['a'] }),
    handles('c', allow, () => void seen.push('c')),
  ])
  t.is(kernel.runBody(allow)(draft('poll'), {}), undefined)
  t.deepEqual(seen, ['b', 'a', 'c'])
})

test('where only other kinds are handled, a message passes as if there were no handler', async (t) => {
  const { kernel } = await setUp([handles('polls', allow.of(pollBody), () => deny(PollErrors.CLOSED))])
  t.is(kernel.runBody(allow)(draft('text'), {}), undefined)
  t.true(isDenied(kernel.runBody(allow)(draft('poll'), {})))
})

test('a hook over messages that nobody handles is run by the function of all unused hooks', async (t) => {
  const { kernel } = await setUp([setupOf('a')])
  t.is<unknown, unknown>(kernel.runBody(allow), kernel.runBody(messageHook<'veto', 'draft'>('veto', 'message.other')))
})

test('what a message says may be changed', async (t) => {
  const { kernel } = await setUp([
    handles('trim', change, (value: { text: string }) => ({ ...value, text: value.text.trim() })),
  ])
  t.deepEqual(kernel.runBody(change)(draft('text', { text: ' hi ' }), {}), draft('text', { text: 'hi' }))
})

for (const [field, value] of [
  ['type', 'poll'],
  ['conversation', 'other'],
  ['from', 'mallory'],
  ['clientId', 'y'],
] as const) {
  for (const late of [false, true]) {
    test(`a change of "${field}"${late ? ', made later,' : ''} refuses the message`, async (t) => {
      const changed = (old: object) => ({ ...old, [field]: value })
      const { kernel } = await setUp([
        handles('forger', change, (old: object) => (late ? Promise.resolve(changed(old)) : changed(old))),
      ])
      await t.throwsAsync(async () => kernel.runBody(change)(draft('text'), {}), {
        code: 'NATTER_HOOK_FAILED',
        message:
          `message.change: forger changed "${field}"; the message was refused.\n` +
          '  Return { ...draft, … } and change only the body.',
      })
    })
  }
}

test('handlers of plugins named as left out are not asked, the others are', async (t) => {
  const seen: string[] = []
  const { kernel } = await setUp([
    handles('a', allow, () => void seen.push('a')),
    handles('b', allow.of(pollBody), () => void seen.push('b')),
    handles('c', allow, () => void seen.push('c')),
  ])
  t.is(kernel.runBodyWithout(allow, ['a', 'nobody'])(draft('poll'), {}), undefined)
  t.deepEqual(seen.splice(0), ['b', 'c'])
  t.is(kernel.runBodyWithout(allow, ['a', 'b', 'c'])(draft('poll'), {}), undefined)
  t.is(kernel.runBody(allow)(draft('poll'), {}), undefined)
  t.deepEqual(seen, ['a', 'b', 'c'])
})
