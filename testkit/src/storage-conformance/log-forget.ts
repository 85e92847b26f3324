import type { Suite } from './suite.js'
import { group, message, range } from './suite.js'

export function logForget({ test, open }: Suite): void {
  test('who has left can be forgotten: nothing of them is there, and their entries stay', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', '1', { open: group('a', 'b') }))
    await log.append(message('c', 'b', '2'))
    await log.mark('c', 'b', { read: 2 })
    await log.append(message('c', 'system', '3', { members: { leave: ['b'], join: [{ user: 'x' }] } }))
    const before = await log.membership('c')
    await log.forget('c', 'b')
    await log.forget('c', 'b')
    t.is(await log.state('b', 'c'), undefined)
    t.deepEqual(await log.states('b', { after: 0, limit: 10 }), [])
    t.is(await log.mark('c', 'b', { read: 3 }), undefined)
    const after = await log.membership('c')
    t.is(after?.version, before?.version)
    t.deepEqual(
      after?.members.map(({ user }) => user),
      ['a', 'x'],
    )
    t.deepEqual(
      (await log.range('c', range(1, 3))).map(({ from }) => from),
      ['a', 'b', 'system'],
    )
    t.is((await log.append(message('c', 'a', '4'))).status, 'appended')
  })

  test('who is in a conversation, or never was, is not forgotten', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', '1', { open: group('a', 'b') }))
    const before = await log.state('b', 'c')
    await log.forget('c', 'b')
    await log.forget('c', 'z')
    await log.forget('nowhere', 'b')
    t.deepEqual(await log.state('b', 'c'), before)
  })

  test('who was forgotten may come in again, as somebody new', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', '1', { open: group('a', 'b') }))
    await log.append(message('c', 'system', '2', { members: { leave: ['b'] } }))
    await log.forget('c', 'b')
    await log.append(message('c', 'system', '3', { members: { join: [{ user: 'b' }] } }))
    const state = await log.state('b', 'c')
    t.deepEqual(state && [state.me.floor, state.me.left, state.me.read], [2, false, 0])
  })

  test('a forget that is none is refused', async (t) => {
    const { log } = await open(t)
    await t.throwsAsync(log.forget('', 'b'), { code: 'STORAGE_INVALID' })
    await t.throwsAsync(log.forget('c', 'not an id'), { code: 'STORAGE_INVALID' })
  })
}
