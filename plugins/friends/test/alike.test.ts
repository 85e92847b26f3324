import { tracingChannel } from 'node:diagnostics_channel'
import test from 'ava'
import type { RawDevice, RawRefusal } from '@natter/testkit'
import { Relations } from '@natter/friends/contract'
import { befriend, codeOf, listOf, people, serve } from './serve.js'

/**
 * Carol is there and lets nobody in, Bob has blocked Alice, and `nobody-1` does not exist. Alice has had to do with none of
 * them, or was a friend of all who can be one.
 */
const closed = { message: 'nobody', add: 'nobody', call: 'nobody', presence: 'nobody', find: 'nobody' } as const
const subjects = { blocked: 'bob', 'refused by privacy': 'carol', absent: 'nobody-1' } as const

const refusalOf = async (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: RawRefusal) => error.shape,
  )

test('who is blocked, who is refused by a setting and who asks for nobody get one answer', async (t) => {
  const server = await serve(t)
  const [bob, carol] = await server.friends('bob', 'carol')
  await bob.friends.block({ user: 'alice' })
  await carol.friends.privacy(closed)
  const alice = await server.device('alice')
  const acts: Record<string, (user: string) => Promise<unknown>> = {
    'a request by id': (user) => alice.request('friends.request', { user, note: 'hello' }),
    'a request by handle': (handle) => alice.request('friends.request', { handle }),
    'finding by handle': (handle) => alice.request('friends.find', { handle }),
    'a first message': (user) => alice.message({ user }, { text: 'hello' }),
    'a second message': (user) => alice.message({ user }, { text: 'hello again' }),
    'taking a request': (user) => alice.request('friends.accept', { user }),
    'turning one down': (user) => alice.request('friends.reject', { user }),
    'taking one back': (user) => alice.request('friends.cancel', { user }),
    'ending a friendship': (user) => alice.request('friends.remove', { user }),
    'noting a name': (user) => alice.request('friends.remark', { user, remark: 'x' }),
    'putting into groups': (user) => alice.request('friends.assign', { user, groups: [] }),
    'taking a block back': (user) => alice.request('friends.unblock', { user }),
  }
  for (const [what, act] of Object.entries(acts)) {
    const answers = []
    for (const subject of Object.values(subjects)) answers.push(await refusalOf(act(subject)))
    t.deepEqual(answers, [answers[0], answers[0], answers[0]], what)
    t.log(what, JSON.stringify(answers[0]).slice(0, 60))
  }
  t.deepEqual(await refusalOf(acts['a request by id']!('bob')), {
    code: 'NATTER_NOT_AVAILABLE',
    message: 'This person is not available.',
  })
  // Last, because then she has them in her own list.
  const blocks = []
  for (const user of Object.values(subjects)) {
    const { user: _user, ...answer } = await alice.request<{ user: string }>('friends.block', { user })
    blocks.push(answer)
  }
  t.deepEqual(blocks, [blocks[0], blocks[0], blocks[0]])
})

test.serial('a request asks the store the same questions, whoever it is for', async (t) => {
  const server = await serve(t)
  const [alice, bob, carol] = await server.friends('alice', 'bob', 'carol')
  await alice.friends.request({ user: 'dave' })
  await bob.friends.block({ user: 'alice' })
  await carol.friends.privacy(closed)
  const asked: string[] = []
  let listening = true
  const listener = {
    start: (message: unknown) => {
      const { verb, name } = message as { verb: string; name: string }
      if (listening && name.startsWith('friends.') && name !== 'friends.mark') asked.push(`${name}.${verb}`)
    },
  }
  tracingChannel('natter:store').subscribe(listener as never)
  t.teardown(() => tracingChannel('natter:store').unsubscribe(listener as never))
  const questions = []
  for (const subject of Object.values(subjects)) {
    for (const who of [{ user: subject }, { handle: subject }]) {
      asked.length = 0
      t.is(await codeOf(alice.friends.request(who)), 'NATTER_NOT_AVAILABLE')
      questions.push(asked.join(' '))
    }
  }
  listening = false
  t.true(questions[0]!.includes('friends.pair.get'))
  t.is(new Set(questions).size, 1)
})

test('who is refused costs as much of the allowance as who is not', async (t) => {
  const server = await serve(t, { requests: { points: 3 } })
  const [alice, bob, carol] = await server.friends('alice', 'bob', 'carol')
  await bob.friends.block({ user: 'alice' })
  await carol.friends.privacy(closed)
  for (const user of Object.values(subjects))
    t.is(await codeOf(alice.friends.request({ user })), 'NATTER_NOT_AVAILABLE')
  t.is(await codeOf(alice.friends.request({ user: 'dave' })), 'NATTER_RATE_LIMITED')
})

/** Everything that a device gets and can ask for about its own list. */
async function seen(device: RawDevice) {
  const sync = await device.request('friends.sync', { after: 0 })
  return {
    sync,
    whole: await device.request('friends.sync', {}),
    frames: device.frames.filter(([kind]) => kind === 'e'),
  }
}

test('a block of a stranger leaves nothing with them: no event, no version, no row', async (t) => {
  const server = await serve(t)
  const alice = await server.device('alice')
  const [bob] = await server.friends('bob')
  const before = await seen(alice)
  await bob.friends.block({ user: 'alice' })
  await bob.friends.unblock({ user: 'alice' })
  await bob.friends.block({ user: 'alice' })
  t.deepEqual(await seen(alice), before)
})

test('a block of who blocked me leaves nothing with them either, not even a time', async (t) => {
  const server = await serve(t)
  const alice = await server.device('alice')
  const [bob] = await server.friends('bob')
  await alice.request('friends.block', { user: 'bob' })
  const before = await seen(alice)
  await server.clock.advance(5_000)
  await bob.friends.block({ user: 'alice' })
  t.deepEqual(await seen(alice), before)
})

test('a block looks to a friend like a removal, and to who asked like a refusal', async (t) => {
  const server = await serve(t)
  const [alice, bob, carol] = await server.friends('alice', 'bob', 'carol')
  const views = []
  await befriend(alice, bob)
  await befriend(alice, carol)
  await bob.friends.block({ user: 'alice' })
  const first = await alice.friends.sync({ after: 0 })
  await carol.friends.remove({ user: 'alice' })
  const second = await alice.friends.sync({ after: first.version })
  views.push(first.gone, second.gone)
  t.deepEqual(views, [['bob'], ['carol']])

  const [dave, erin] = await server.friends('dave', 'erin')
  const { version } = await listOf(alice)
  await alice.friends.request({ user: 'dave' })
  await alice.friends.request({ user: 'erin' })
  await dave.friends.block({ user: 'alice' })
  await erin.friends.reject({ user: 'alice' })
  t.deepEqual((await alice.friends.sync({ after: version })).gone, ['dave', 'erin'])
})

test('who blocked whom is known to who did it alone', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  await bob.friends.block({ user: 'alice' })
  await alice.friends.block({ user: 'bob' })
  t.is(await codeOf(alice.friends.request({ user: 'bob' })), 'FRIENDS_YOU_BLOCKED')
  await alice.friends.unblock({ user: 'bob' })
  t.is(await codeOf(alice.friends.request({ user: 'bob' })), 'NATTER_NOT_AVAILABLE')
  t.deepEqual(await people(alice), {})
})

test('by a block all that a person lets others do is over, both ways; friends are asked for as such', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const relations = server.chat.get(Relations)
  const may = async (viewer: string, subject: string) => {
    const found: string[] = []
    for (const what of ['message', 'add', 'call', 'presence', 'find'] as const) {
      if (await relations.may(viewer, subject, what)) found.push(what)
    }
    return found.join(' ')
  }
  t.is(await may('alice', 'bob'), 'message add find')
  await befriend(alice, bob)
  t.is(await may('alice', 'bob'), 'message add call presence find')
  t.deepEqual(await relations.friendsOf('alice'), { users: ['bob'], next: undefined })
  await bob.friends.block({ user: 'alice' })
  t.deepEqual([await may('alice', 'bob'), await may('bob', 'alice')], ['', ''])
  t.deepEqual([await relations.blocked('alice', 'bob'), await relations.blocked('bob', 'alice')], [true, true])
  t.deepEqual((await relations.friendsOf('alice')).users, [])
  t.is(await may('alice', 'alice'), 'message add call presence find')
  t.false(await relations.blocked('alice', 'alice'))
})
