import test from 'ava'
import { conversationOpen, definePlugin, messageAllow } from '@natter/core'
import type { Connection } from '@natter/core'
import { defineErrors, deny } from '@natter/core/contract'
import { createTestChat } from '@natter/testkit'

const relay = { storage: null, plugins: [] } as const

test('the host sends as a user, through the same hooks, and retries safely under its own id', async (t) => {
  const Errors = defineErrors('RULES', { NO: { status: 403, message: 'No.' } })
  const rules = definePlugin({
    name: 'rules',
    setup(api) {
      api.hook(messageAllow, (draft) => (draft.type === 'text' && draft.text === 'bad' ? deny(Errors.NO) : undefined))
    },
  })
  const { chat, device } = await createTestChat(t, { storage: null, plugins: [rules()] })
  const bob = await device('42')
  const ack = await chat.as(7).send({ user: 42 }, { text: 'Your order has shipped' }, { id: 'order-1' })
  t.like(ack, { durability: 'relayed', devices: 1 })
  t.deepEqual((await bob.next('m')).slice(4), ['7', ack.at, 'order-1', { text: 'Your order has shipped' }])
  t.deepEqual(await chat.as(7).send({ user: 42 }, { text: 'Your order has shipped' }, { id: 'order-1' }), ack)
  await t.throwsAsync(chat.as(7).send({ user: 42 }, { text: 'bad' }), { code: 'RULES_NO' })
})

test("an id of the host that cannot be one is refused in words, and so is a body that isn't", async (t) => {
  const { chat } = await createTestChat(t, relay)
  t.throws(() => chat.as('a b'), { code: 'NATTER_INVALID', message: /"a b"/ })
  for (const id of [undefined, null, NaN, 1.5, {}]) {
    t.throws(() => chat.as(id as never), { code: 'NATTER_INVALID' }, String(id))
    await t.throwsAsync(chat.as('a').send({ user: id as never }, { text: 'x' }), { code: 'NATTER_INVALID' })
  }
  await t.throwsAsync(chat.as('a').send({ user: 'ö' }, { text: 'x' }), { code: 'NATTER_INVALID' })
  await t.throwsAsync(chat.as('a').send({ user: 'b' }, { text: 'x' }, { id: 'no spaces' }), { code: 'NATTER_INVALID' })
  await t.throwsAsync(chat.as('a').send({ user: 'b' }, 'hello' as never), { code: 'NATTER_INVALID', message: /object/ })
  await t.throwsAsync(chat.as('a').send(undefined as never, { text: 'x' }), { code: 'NATTER_INVALID' })
})

test('the host listens to messages and connections, and a listener that throws disturbs nobody', async (t) => {
  const { chat, device } = await createTestChat(t, relay)
  const heard: unknown[] = []
  chat.on('message', () => {
    throw new Error('a listener breaks')
  })
  const stop = chat.on('message', (message) => heard.push(message.type === 'text' ? message.text : message.type))
  chat.on('connected', (connection: Connection) => heard.push(`connected ${connection.user}`))
  chat.on('disconnected', (connection: Connection) => heard.push(`disconnected ${connection.user}`))
  const [alice, bob] = [await device('alice'), await device('bob')]
  await alice.message({ user: 'bob' }, { text: 'hello' })
  stop()
  await alice.message({ user: 'bob' }, { text: 'again' })
  bob.drop()
  await bob.closed
  await new Promise(setImmediate)
  t.deepEqual(heard, ['connected alice', 'connected bob', 'hello', 'disconnected bob'])
})

test('a listener of something that there is not is told what there is', async (t) => {
  const { chat } = await createTestChat(t, relay)
  t.throws(() => chat.on('mesage' as never, () => undefined), {
    code: 'NATTER_INVALID',
    message: 'chat.on: there is no event "mesage". Did you mean "message"?',
  })
  t.throws(() => chat.on('typing' as never, () => undefined), {
    message: 'chat.on: there is no event "typing". There are message, connected, disconnected.',
  })
})

test('the host asks about conversations, and without a store is told that there is nothing', async (t) => {
  const { chat, device } = await createTestChat(t, relay)
  await device('bob')
  const { conversation } = await chat.as('alice').send({ user: 'bob' }, { text: 'hello' })
  t.is(chat.conversations.direct('bob', 'alice'), conversation)
  t.is(chat.conversations.direct('alice', 'bob'), conversation)
  t.is(await chat.conversations.members(conversation), undefined)
  await t.throwsAsync(chat.conversations.entry('alice', `${conversation}/1`), { code: 'NATTER_NOT_FOUND' })
  await t.throwsAsync(chat.system.append(conversation, { body: { text: 'x' }, cause: 'c' }), {
    code: 'NATTER_NOT_FOUND',
  })
})

test('the system leaves out vetoes only by name', async (t) => {
  const Errors = defineErrors('RULES', { NO: { status: 403, message: 'No.' } })
  const refusing = (name: string, word: string) =>
    definePlugin({
      name,
      setup(api) {
        api.hook(messageAllow, (draft) =>
          draft.type === 'text' && draft.text.includes(word) ? deny(Errors.NO) : undefined,
        )
      },
    })()
  const plugins = [refusing('friends', 'stranger'), refusing('words', 'spam')] as const
  const { chat, device } = await createTestChat(t, { storage: null, plugins })
  await device('bob')
  const to = { user: 'bob' }
  await t.throwsAsync(chat.as('a').send(to, { text: 'a stranger' }), { code: 'RULES_NO' })
  t.is((await chat.system.as('a', { without: ['friends'] }).send(to, { text: 'a stranger' })).durability, 'relayed')
  await t.throwsAsync(chat.system.as('a', { without: ['friends'] }).send(to, { text: 'spam' }), { code: 'RULES_NO' })
  t.throws(() => chat.system.as('a', { without: ['freinds'] }), { message: /no plugin "freinds".*friends, words/ })
})

test('a veto of new conversations is left out by name as well', async (t) => {
  const Errors = defineErrors('RULES', { NO: { status: 403, message: 'No.' } })
  const refusing = (name: string, to: string) =>
    definePlugin({
      name,
      setup(api) {
        api.hook(conversationOpen, (opening) => (opening.to === to ? deny(Errors.NO) : undefined))
      },
    })()
  const plugins = [refusing('friends', 'bob'), refusing('closed', 'carol')] as const
  const { chat, device } = await createTestChat(t, { storage: null, plugins })
  await Promise.all([device('bob'), device('carol')])
  const { send } = chat.system.as('a', { without: ['friends'] })
  await t.throwsAsync(chat.as('a').send({ user: 'bob' }, { text: 'hello' }), { code: 'RULES_NO' })
  t.is((await send({ user: 'bob' }, { text: 'hello' })).durability, 'relayed')
  await t.throwsAsync(send({ user: 'carol' }, { text: 'hello' }), { code: 'RULES_NO' })
})
