import test from 'ava'
import { definePlugin, messageAllow, messageChange, conversationOpen } from '@natter/core'
import { body, defineErrors, deny } from '@natter/core/contract'
import { createTestChat } from '@natter/testkit'
import { z } from 'zod'

const relay = { storage: null, plugins: [] } as const

test('without a store a message is relayed, and the ack says to how many devices', async (t) => {
  const { device } = await createTestChat(t, relay)
  const [alice, bob, phone] = [await device('alice'), await device('bob'), await device('bob:phone')]
  const ack = await alice.message({ user: 'bob' }, { text: 'hello' }, 'one')
  t.deepEqual([ack[0], ack[2]], ['r', 2])
  for (const each of [bob, phone]) {
    const entry = await each.next('m')
    t.deepEqual([entry[2], entry[4], entry[6], entry[7]], [0, 'alice', 'one', { text: 'hello' }])
  }
})

test('with nobody connected it is refused, and may be tried again', async (t) => {
  const { device } = await createTestChat(t, relay)
  const alice = await device('alice')
  const refusal = await t.throwsAsync<Error & { shape: object }>(
    alice.message({ user: 'bob' }, { text: 'hello' }, 'one'),
  )
  t.like(refusal?.shape, { code: 'NATTER_NOBODY_ONLINE', retryable: true })
  const bob = await device('bob')
  const ack = await alice.message({ user: 'bob' }, { text: 'hello' }, 'one')
  t.is(ack[0], 'r')
  await bob.next('m')
})

test('a retry within five minutes is recognised, another body under its id refused, and later it is new', async (t) => {
  const { device, clock } = await createTestChat(t, relay)
  const [alice, bob] = [await device('alice'), await device('bob')]
  const first = await alice.message({ user: 'bob' }, { text: 'hello' }, 'one')
  t.deepEqual((await alice.message({ user: 'bob' }, { text: 'hello' }, 'one')).slice(2), first.slice(2))
  await t.throwsAsync(alice.message({ user: 'bob' }, { text: 'other' }, 'one'), { code: 'NATTER_CONFLICT' })
  await alice.message({ user: 'bob' }, { text: 'end' }, 'end')
  await bob.next((frame) => frame[6] === 'end')
  t.is(bob.frames.filter((frame) => frame[6] === 'one').length, 1)
  for (let minute = 0; minute < 6; minute++) {
    await clock.advance(50_000)
    alice.send(['p'])
    bob.send(['p'])
  }
  await alice.message({ user: 'bob' }, { text: 'hello' }, 'one')
  await alice.message({ user: 'bob' }, { text: 'end' }, 'end2')
  await bob.next((frame) => frame[6] === 'end2')
  t.is(bob.frames.filter((frame) => frame[6] === 'one').length, 2)
})

test('a conversation cannot be addressed by its id where none are kept', async (t) => {
  const { device } = await createTestChat(t, relay)
  const alice = await device('alice')
  await t.throwsAsync(alice.message('d123456789012345678901', { text: 'hello' }), { code: 'NATTER_NOT_FOUND' })
})

test('a person who does not exist is not available', async (t) => {
  const { device } = await createTestChat(t, relay)
  const alice = await device('alice')
  await t.throwsAsync(alice.message({ user: 'nobody1' }, { text: 'hello' }), { code: 'NATTER_NOT_AVAILABLE' })
})

test('a veto refuses, a transform changes, and an undeclared kind of body is refused', async (t) => {
  const Errors = defineErrors('RULES', { NO: { status: 403, message: 'No.' } })
  const shout = body('shout', z.object({ words: z.string() }))
  const rules = definePlugin({
    name: 'rules',
    contract: { shout },
    setup(api) {
      api.hook(messageAllow, (draft) => (draft.type === 'text' && draft.text === 'bad' ? deny(Errors.NO) : undefined))
      api.hook(messageChange.of(shout), (draft) => ({ ...draft, words: draft.words.toUpperCase() }))
    },
  })
  const { device } = await createTestChat(t, { storage: null, plugins: [rules()] })
  const [alice, bob] = [await device('alice'), await device('bob')]
  await t.throwsAsync(alice.message({ user: 'bob' }, { text: 'bad' }), { code: 'RULES_NO' })
  await t.throwsAsync(alice.message({ user: 'bob' }, { type: 'whisper', words: 'x' }), { code: 'NATTER_UNKNOWN_BODY' })
  await t.throwsAsync(alice.message({ user: 'bob' }, { type: 'shout', words: 5 }), { code: 'NATTER_INVALID' })
  await alice.message({ user: 'bob' }, { type: 'shout', words: 'hey', extra: 'dropped' })
  t.deepEqual((await bob.next('m'))[7], { type: 'shout', words: 'HEY' })
})

test('a veto that throws closes: the message is refused, and nothing about the fault leaves', async (t) => {
  const broken = definePlugin({
    name: 'broken',
    setup(api) {
      api.hook(messageAllow, () => {
        throw new Error('secret path /etc/passwd')
      })
    },
  })
  const { device } = await createTestChat(t, { storage: null, plugins: [broken()] })
  const [alice, bob] = [await device('alice'), await device('bob')]
  const refusal = await t.throwsAsync<Error & { shape: object }>(alice.message({ user: 'bob' }, { text: 'hello' }))
  t.like(refusal?.shape, { code: 'NATTER_INTERNAL', retryable: true })
  t.notRegex(JSON.stringify(refusal?.shape), /passwd|broken/)
  t.is(bob.frames.filter(([kind]) => kind === 'm').length, 0)
})

test('opening a direct conversation can be vetoed, and is limited', async (t) => {
  const Errors = defineErrors('DOOR', { SHUT: { status: 403, message: 'Shut.' } })
  const door = definePlugin({
    name: 'door',
    setup(api) {
      api.hook(conversationOpen, ({ to }) => (to === 'hermit' ? deny(Errors.SHUT) : undefined))
    },
  })
  const { device } = await createTestChat(t, { storage: null, plugins: [door()], limits: { opensPerHour: 2 } })
  const alice = await device('alice')
  await Promise.all(['hermit', 'bob', 'carol', 'dave'].map(device))
  await t.throwsAsync(alice.message({ user: 'hermit' }, { text: 'hello' }), { code: 'DOOR_SHUT' })
  await alice.message({ user: 'bob' }, { text: 'hello' })
  await alice.message({ user: 'bob' }, { text: 'again' })
  await t.throwsAsync(alice.message({ user: 'carol' }, { text: 'hello' }), { code: 'NATTER_RATE_LIMITED' })
})

test('a note to oneself reaches own other devices', async (t) => {
  const { device } = await createTestChat(t, relay)
  const [laptop, phone] = [await device('alice:laptop'), await device('alice:phone')]
  await laptop.message({ user: 'alice' }, { text: 'milk' })
  t.deepEqual((await phone.next('m'))[7], { text: 'milk' })
})
