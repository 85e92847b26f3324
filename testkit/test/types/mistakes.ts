/** Compiled, never run: each mistake must be an error, and each good line none. */
import { z } from 'zod'
import type { DependencyContainer } from 'tsyringe'
import { clientPlugin, createClient } from '@natter/client'
import {
  Conversations,
  createChat,
  definePlugin,
  fromTsyringe,
  messageAllow,
  messageChange,
  messageStored,
} from '@natter/core'
import type { Plugin } from '@natter/core'
import { body, command, deny, hook, token } from '@natter/core/contract'
import type { Records, Token } from '@natter/core/contract'
import { createTestServer } from '@natter/testkit'
import { friends as friendsClient } from './friends/client.js'
import { directory, friends } from './friends/plugin.js'
import { poll as pollClient } from './poll/client.js'
import * as contract from './poll/contract.js'
import type { ballot } from './poll/contract.js'
import { poll } from './poll/plugin.js'

type IsAny<T> = 0 extends 1 & T ? true : false
type No<T extends false> = T
const chat = createClient({ url: '', token: '', plugins: [friendsClient(), pollClient()] })
export type Checks = [
  No<IsAny<Awaited<ReturnType<typeof chat.poll.vote>>>>,
  No<IsAny<Parameters<typeof chat.poll.vote>[0]>>,
  No<IsAny<typeof chat.poll>>,
  No<IsAny<typeof chat.friends>>,
  No<IsAny<NonNullable<Parameters<typeof chat.friends.request>[0]>['user']>>,
]

export async function client(caught: unknown) {
  // @ts-expect-error wrong input: string option
  await chat.poll.vote({ poll: 'x', option: '2' })
  // @ts-expect-error missing field
  await chat.poll.vote({ option: 2 })
  // @ts-expect-error unknown field
  await chat.poll.vote({ poll: 'x', option: 2, extra: 1 })
  // @ts-expect-error unknown plugin on the client
  chat.groups.create({})
  // @ts-expect-error unknown verb
  chat.poll.voet({ poll: 'x', option: 2 })
  // @ts-expect-error unknown event
  chat.on('poll.chnged', () => {})
  // @ts-expect-error wrong event payload
  chat.on('poll.changed', (p: { nope: string }) => p)
  chat.on('poll.changed', (p) => {
    // @ts-expect-error unknown field of the payload
    p.nope
  })
  chat.on('message', (m) => {
    // @ts-expect-error not narrowed yet
    m.options
    // @ts-expect-error a kind nobody declared
    if (m.type === 'pol') return
    if (m.type === 'poll') m.options.map((option) => option.length)
    if (m.type === 'text') m.text.length
  })
  // @ts-expect-error wrong error code
  if (chat.isError(caught, 'POLL_CLOSD')) return
  if (chat.isError(caught)) {
    // @ts-expect-error wrong error code in a comparison
    if (caught.code === 'POLL_CLOSD') return
    if (caught.code === 'POLL_CLOSED') return
  }
  const only = createClient({ url: '', token: '', plugins: [friendsClient()] })
  // @ts-expect-error another plugin's code is not one of these
  if (only.isError(caught, 'POLL_CLOSED')) return
  // @ts-expect-error a body kind of a plugin that is not there
  only.conversation('x').send({ type: 'poll', question: 'q', options: [] })
  chat.conversation('x').send({ type: 'poll', question: 'q', options: ['a', 'b'] })
  chat.conversation('x').send({ text: 'x' })
  // @ts-expect-error a text without text
  chat.conversation('x').send({ txt: 'x' })
  // @ts-expect-error no such state
  if (chat.conversation('x').send({ text: 'x' }).state === 'done') return
  // @ts-expect-error the server half
  createClient({ url: '', token: '', plugins: [poll()] })
  // @ts-expect-error forgot to call it
  createClient({ url: '', token: '', plugins: [pollClient] })
  const page = await chat.friends.list()
  page.friends.map(({ name }) => name.length)
  // @ts-expect-error no such field in the answer
  page.people
  chat.friends.online.has('x')
  // @ts-expect-error the client's own addition is typed
  chat.friends.online.has(5)
}

export async function server(list: readonly Plugin[], env: string | undefined) {
  // @ts-expect-error forgot to call it
  await createChat({ plugins: [directory] })
  // @ts-expect-error the client half
  await createChat({ plugins: [pollClient()] })
  // @ts-expect-error missing need: directory
  await createChat({ plugins: [friends()] })
  await createChat({ plugins: [directory(), friends()] })
  const dynamic = await createChat({ plugins: [directory(), ...list] })
  await dynamic.as('u').send({ user: 'v' }, { text: 'x' })
  // @ts-expect-error not a body
  await dynamic.as('u').send({ user: 'v' }, { txt: 'x' })
  const maybe = await createChat({ plugins: [directory(), ...(env ? [friends()] : []), poll()] })
  await maybe.as('x').send('y', { type: 'poll', question: '', options: [] })
  // @ts-expect-error no such kind of body
  await maybe.as('x').send('y', { type: 'file', name: 'x' })
  // @ts-expect-error a body without its fields
  await maybe.as('x').send('y', { type: 'poll' })
  // @ts-expect-error no such event of the host
  maybe.on('mesage', () => {})
  maybe.on('message', (m) => {
    // @ts-expect-error not narrowed
    m.options
  })
  // @ts-expect-error wrong config
  poll({ maxOptions: 'ten' })
  // @ts-expect-error unknown config key
  poll({ maxOption: 10 })
  // @ts-expect-error config where none is taken
  directory({ a: 1 })
  // @ts-expect-error no such option
  await createChat({ plugins: [directory()], prefx: '/chat' })
  // @ts-expect-error a prefix begins with a slash
  await createChat({ plugins: [directory()], prefix: 'chat' })
  // @ts-expect-error no such limit
  await createChat({ plugins: [directory()], limits: { frames: 1 } })
}

// @ts-expect-error deny with a code string
deny('POLL_CLOSED')
// @ts-expect-error deny with a plain error
deny(new Error('no'))
// @ts-expect-error deny with a look-alike
deny({ code: 'POLL_CLOSED' })
// @ts-expect-error no such error
contract.PollErrors.CLOSD()

declare function concrete<T>(x: T & (IsAny<T> extends true ? never : unknown)): void
interface Mailer {
  mail(to: string): Promise<void>
}
const Mailer: Token<Mailer, 'mailer'> = token('mailer').of()

export const other = definePlugin({
  name: 'poll',
  contract,
  needs: { conversations: Conversations },
  wants: { mailer: Mailer },
  models: [contract.ballot],
  config: z.object({ a: z.int() }),
  setup(api, { conversations, mailer }, config) {
    // @ts-expect-error wrong output
    api.command(contract.vote, async () => ({ poll: 1, counts: [] }))
    // @ts-expect-error unknown input field
    api.command(contract.vote, async (input) => ({ poll: input.nope, counts: [] }))
    // @ts-expect-error a command that the contract does not export
    api.command(command('poll.secret', { input: z.object({}), output: z.object({}) }), () => ({}))
    // @ts-expect-error wrong event payload
    api.publish(contract.changed, { conversation: 'c' }, { poll: 'x', counts: ['1'] })
    // @ts-expect-error no audience
    api.publish(contract.changed, 'c', { poll: 'x', counts: [1] })
    // @ts-expect-error hook handler with a wrong return
    api.hook(messageAllow, () => true)
    // @ts-expect-error hook handler returns a code
    api.hook(messageAllow.of(contract.pollBody), async () => 'POLL_CLOSED')
    // @ts-expect-error notify returns nothing
    api.hook(messageStored, () => 5)
    // @ts-expect-error transform returns another shape
    api.hook(messageChange.of(contract.pollBody), (d) => ({ ...d, options: 3 }))
    api.hook(messageChange.of(contract.pollBody), (d) => ({ ...d, options: [...d.options, 'none'] }))
    api.hook(messageAllow, async (d) => {
      if (d.type === 'text' && d.text === 'x') return deny(contract.PollErrors.CLOSED)
      return undefined
    })
    api.hook(messageStored, async (m) => {
      m.seq.toFixed()
    })
    // @ts-expect-error not narrowed
    api.hook(messageAllow, (d) => (d.options.length ? undefined : undefined))
    // @ts-expect-error an order of unknown shape
    api.hook(messageAllow, () => undefined, { priority: 5 })
    // @ts-expect-error wrong config use
    config.a.length
    // @ts-expect-error no such method of the service
    conversations.redable
    // @ts-expect-error wanted, so it may be absent
    mailer.mail('x')
    // @ts-expect-error a service of another shape
    api.provide(Mailer, () => ({ post: () => 5 }))
    concrete(api)
    concrete(conversations)
    concrete(config)
    concrete(config.a)
    concrete(mailer)
    api.command(contract.vote, (input, ctx) => {
      concrete(input)
      concrete(input.option)
      concrete(ctx.user)
      return { poll: 'x', counts: [] }
    })
    api.hook(messageAllow, (d, c) => {
      concrete(d)
      concrete(d.type)
      concrete(c)
      return undefined
    })
    const r = api.records(contract.ballot)
    concrete(r)
    void r.get({ poll: 'a', user: 'b' }).then((x) => {
      concrete(x)
      concrete(x?.option)
    })
  },
})
// @ts-expect-error commands of another namespace
definePlugin({ name: 'vote', contract, setup() {} })
// @ts-expect-error a body field that belongs to the envelope
body('x', z.object({ from: z.string(), a: z.string() }))
// @ts-expect-error name without a dot
command('vote', { input: z.object({}), output: z.object({}) })
// @ts-expect-error not a schema
command('poll.vote', { input: { a: 1 }, output: z.object({}) })
void hook.first<{ a: string }, number>('x.first')

export async function records(votes: Records<typeof ballot>) {
  await votes.page({ poll: 'p' })
  await votes.page({ poll: 'p', option: { gte: 1, lt: 4 } })
  await votes.page({ poll: 'p', user: { in: ['a', 'b'] } })
  await votes.page({ user: 'u' })
  await votes.updateIf({ poll: 'p', user: 'u', option: 1 }, { note: 'x' }, { weight: 1 })
  const row = await votes.get({ poll: 'p', user: 'u' })
  row?.note?.length
  // @ts-expect-error option leads no index
  await votes.page({ option: 1 })
  // @ts-expect-error equality is asked of the leading columns
  await votes.page({ poll: { gt: 'a' }, option: 1 })
  // @ts-expect-error weight is in no index
  await votes.page({ poll: 'p', weight: 1 })
  // @ts-expect-error half a key
  await votes.get({ poll: 'p' })
  // @ts-expect-error unknown column
  await votes.get({ poll: 'p', user: 'u', nope: 1 })
  // @ts-expect-error the key is not set
  await votes.updateIf({ poll: 'p', user: 'u' }, { poll: 'q' })
  // @ts-expect-error add is for numbers
  await votes.updateIf({ poll: 'p', user: 'u' }, {}, { note: 1 })
  // @ts-expect-error missing column
  await votes.upsert({ poll: 'p', user: 'u' })
  // @ts-expect-error undefined is absent
  await votes.upsert({ poll: 'p', user: 'u', option: 1, note: undefined })
  // @ts-expect-error a column of another type
  await votes.insert({ poll: 'p', user: 'u', option: 'x' })
}

class Good {
  async mail(_to: string) {}
}
class Bad {
  async post(_to: string) {}
}
export async function container(host: DependencyContainer) {
  const bridge = fromTsyringe(host, [
    [Mailer, Good],
    [Conversations, 'conv'],
  ])
  const name: 'mailer' | 'conversations' = bridge.provides[0]!
  // @ts-expect-error the class does not do what the token promises
  fromTsyringe(host, [[Mailer, Bad]])
  // @ts-expect-error swapped
  fromTsyringe(host, [[Good, Mailer]])
  const needsMailer = definePlugin({
    name: 'm',
    needs: { mailer: Mailer },
    setup(_api, { mailer }) {
      void mailer.mail('x')
    },
  })
  await createChat({ plugins: [needsMailer()], container: bridge })
  // @ts-expect-error nobody provides it
  await createChat({ plugins: [needsMailer()] })
  return name
}

export async function testServer() {
  const made = await createTestServer({ teardown() {} }, { plugins: [poll()] })
  const [alice, bob] = await made.friends('alice', 'bob')
  await alice.poll.create({ with: bob.id, options: ['a'] })
  // @ts-expect-error wrong input
  await alice.poll.create({ with: 5, options: ['a'] })
  // @ts-expect-error plugin not under test
  await alice.friends.list()
  // @ts-expect-error two names, two clients
  const [, , carol] = await made.friends('alice', 'bob')
  concrete(alice.poll.vote)
  return carol
}

// @ts-expect-error a verb is missing
clientPlugin<typeof contract>('poll', { vote: 1, create: 1 })
// @ts-expect-error no such verb
clientPlugin<typeof contract>('poll', { vote: 1, create: 1, close: 'idempotent', reopen: 1 })
// @ts-expect-error the contract declares it idempotent
clientPlugin<typeof contract>('poll', { vote: 1, create: 1, close: 1 })
// @ts-expect-error the contract does not declare it idempotent
clientPlugin<typeof contract>('poll', { vote: 'idempotent', create: 1, close: 'idempotent' })
// @ts-expect-error another name than its commands have
clientPlugin<typeof contract>('vote', { vote: 1, create: 1, close: 'idempotent' })
const onName = { a: command('on.a', { input: z.object({}), output: z.object({}) }) }
// @ts-expect-error chat.on is taken
clientPlugin<typeof onName>('on', { a: 1 })

// --- a configuration that is required
other({ a: 1 })
// @ts-expect-error required config
other()
// @ts-expect-error without what is required in it
other({})
