import test from 'ava'
import type { ExecutionContext } from 'ava'
import type { ClientApi } from '@natter/client'
import { offline } from '@natter/offline'
import { presence } from '@natter/presence'
import { presence as presenceClient } from '@natter/presence/client'
import type { PresenceState } from '@natter/presence/client'
import { createTestServer } from '@natter/testkit'
import { pass } from './serve.js'

/** Two people who talk, each with the client half of presence on top of a connected client. */
async function two(t: ExecutionContext) {
  const server = await createTestServer(t, { plugins: [offline(), presence()] })
  const [alice, bob] = await server.friends('alice', 'bob')
  await alice.direct('bob').send({ text: 'hello' }).sent
  const calls: string[] = []
  const half = (client: typeof alice): PresenceState => {
    const verbs = client.presence as unknown as Record<string, (input: unknown) => Promise<unknown>>
    const { clock } = server
    const api = {
      url: '',
      me: client.me,
      status: client.status,
      on: client.on.bind(client),
      call: (name: string, input: unknown) => {
        calls.push(`${client.id} ${name} ${JSON.stringify(input)}`)
        return verbs[name.slice('presence.'.length)]!(input)
      },
    } as unknown as ClientApi
    return presenceClient({
      setTimeout: (run, ms) => clock.after(ms, run),
      clearTimeout: (timer) => (timer as { cancel(): void } | undefined)?.cancel(),
      monotonic: () => clock.monotonic(),
    }).setup!(api)
  }
  return { ...server, alice, bob, calls, ofAlice: half(alice), ofBob: half(bob) }
}

test('a value follows while somebody subscribes, over a reconnect too', async (t) => {
  const { clock, alice, bob, ofAlice, calls } = await two(t)
  const value = ofAlice.of('bob')
  t.is(value.get(), undefined)
  let told = 0
  const stop = value.subscribe(() => told++)
  await pass(clock, 0)
  t.is(value.get()?.state, 'online')
  t.true(told > 0)
  await bob.presence.active({ active: false, kind: 'web' })
  await pass(clock, 1_000)
  t.deepEqual(value.get(), { user: 'bob', state: 'away', on: ['web'] })

  alice.disconnect()
  await pass(clock, 0)
  await bob.presence.active({ active: true })
  await pass(clock, 15_000)
  t.is(alice.status.get().link, 'online')
  t.is(value.get()?.state, 'online')

  stop()
  await pass(clock, 0)
  t.is(calls.at(-1), 'alice presence.watch {"users":[]}')
  await bob.presence.active({ active: false })
  await pass(clock, 2_000)
  t.is(value.get()?.state, 'online')
})

test('what is shown in one turn is asked for together, and of more than 500 the last ones', async (t) => {
  const { clock, ofAlice, calls } = await two(t)
  for (let i = 0; i < 510; i++) ofAlice.of(`u${i}`).subscribe(() => undefined)
  await pass(clock, 0)
  const asked = calls.filter((call) => call.includes('watch'))
  t.is(asked.length, 1)
  const { users } = JSON.parse(asked[0]!.slice('alice presence.watch '.length)) as { users: string[] }
  t.is(users.length, 500)
  t.is(users.at(-1), 'u509')
})

test('who is writing shows until a message comes, or the time is over; keys are not each a request', async (t) => {
  const { clock, alice, bob, ofAlice, ofBob, calls } = await two(t)
  const id = alice.direct('bob').id
  const writers = ofAlice.writers(id)
  for (let i = 0; i < 20; i++) ofBob.writing(id)
  await pass(clock, 0)
  t.is(calls.filter((call) => call.startsWith('bob presence.write')).length, 1)
  t.deepEqual(writers.get(), [{ user: 'bob', what: 'typing' }])
  await bob.direct('alice').send({ text: 'there' }).sent
  await pass(clock, 0)
  t.deepEqual(writers.get(), [])
  ofBob.writing(id, 'uploading')
  await pass(clock, 0)
  t.deepEqual(writers.get(), [{ user: 'bob', what: 'uploading' }])
  await pass(clock, 6_000)
  t.deepEqual(writers.get(), [])
  ofBob.writing(id)
  ofBob.writing(id, 'none')
  ofBob.writing(id, 'none')
  await pass(clock, 0)
  t.deepEqual(writers.get(), [])
  t.is(calls.filter((call) => call.includes('"none"')).length, 1)
})
