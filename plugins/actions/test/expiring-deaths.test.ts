import test from 'ava'
import { StorageErrors } from '@natter/core/contract'
import { expiringRow, timerRow } from '@natter/actions/contract'
import type { TestContext } from '@natter/testkit'
import { codeOf, read, say, serveTogether, talk } from './serve.js'
import type { Person } from './serve.js'

const minute = 60_000
const down = () => {
  throw StorageErrors.UNAVAILABLE()
}
const turns = async () => {
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate)
}
const bodies = async (person: Person, conversation: string) =>
  (await person.offline.page({ conversation, limit: 200 })).entries.map(([, , , , , body]) => body)

/** Two who talk, each at a server of their own, with one store. */
async function atTwoServers(t: TestContext) {
  const together = await serveTogether(t, 2)
  const [one, two] = together.servers
  const [alice] = await one.friends('alice', 'bob')
  const bob = await two!.client('bob:phone')
  return { together, one, alice, bob, conversation: await talk(alice, bob) }
}

test('a timer whose setter dies is said by another server; until then nothing is sent by it that is behind its entry', async (t) => {
  const { together, one, alice, bob, conversation } = await atTwoServers(t)
  await say(bob, conversation, 'known to stay')
  one.weather.before = (model, verb) => {
    if (model === 'log' && verb === 'append') down()
  }
  t.is(await codeOf(alice.actions.setTimer({ conversation, afterMs: minute })), 'STORAGE_UNAVAILABLE')
  one.weather.before = down
  await say(bob, conversation, 'not yet')
  await together.clock.advance(8_000)
  await turns()
  t.false(
    (await bodies(bob, conversation)).some(({ type }) => type === 'timer'),
    'the setter may be alive still',
  )
  await together.clock.advance(8_000)
  await turns()
  const at = await say(bob, conversation, 'behind it')
  const all = await bodies(bob, conversation)
  t.deepEqual(
    all.map(({ type, text, by, expires }) => [type ?? text, by, expires !== undefined]),
    [
      ['hello', undefined, false],
      ['known to stay', undefined, false],
      ['not yet', undefined, false],
      ['timer', 'alice', false],
      ['behind it', undefined, true],
    ],
  )
  t.like((await together.store.records('actions', timerRow).page({ conversation } as never)).rows[0], {
    setter: undefined,
    cause: undefined,
    wakeAt: undefined,
  })
  await together.clock.advance(minute + 5_000)
  await turns()
  t.like((await read(bob, at)).body, { type: 'deleted', expired: true })
})

test('a timer that is refused is as it was before', async (t) => {
  const together = await serveTogether(t, 1)
  const [alice, bob] = await together.servers[0].friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  await alice.actions.setTimer({ conversation, afterMs: minute })
  together.servers[0].weather.before = (model, verb) => {
    if (model === 'log' && verb === 'append') throw StorageErrors.INVALID({ message: 'no' })
  }
  const code = await codeOf(alice.actions.setTimer({ conversation, afterMs: 0 }))
  together.servers[0].weather.before = undefined
  t.is(code, 'STORAGE_INVALID')
  t.is((await bob.actions.timer({ conversation })).afterMs, minute)
})

test('of two servers one ends a message, and what was due while none ran ends at the next start', async (t) => {
  const together = await serveTogether(t, 2)
  const [alice, bob] = await together.servers[0].friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  await alice.actions.setTimer({ conversation, afterMs: minute })
  const places = await Promise.all(Array.from({ length: 20 }, (_, n) => say(alice, conversation, `m${n}`)))
  await together.clock.advance(minute + 6_000)
  await turns()
  for (const place of places) t.like((await read(bob, place)).body, { type: 'deleted', expired: true })
  const acts = (await bodies(bob, conversation)).filter(({ what }) => what === 'expired')
  t.is(acts.length, 20, 'each once')

  const last = await say(alice, conversation, 'over night')
  for (const server of together.servers) await server.chat.stop()
  await together.clock.advance(10 * minute)
  const next = await together.server()
  await turns()
  t.like((await read(await next.client('bob'), last)).body, { type: 'deleted', expired: true })
  t.deepEqual((await together.store.records('actions', expiringRow).page({ conversation } as never)).rows, [])
})

test('two who set it at once: what the conversation says last is what counts', async (t) => {
  const { one, alice, bob, conversation } = await atTwoServers(t)
  let open: (() => void) | undefined
  const other = new Promise<void>((resolve) => (open = resolve))
  one.weather.before = (model, verb) => (model === 'log' && verb === 'append' ? other : undefined)
  const first = alice.actions.setTimer({ conversation, afterMs: minute })
  await turns()
  await bob.actions.setTimer({ conversation, afterMs: 2 * minute })
  open!()
  await first
  const said = (await bodies(bob, conversation)).filter(({ type }) => type === 'timer')
  t.is(said.length, 2)
  t.is((await bob.actions.timer({ conversation })).afterMs, said.at(-1)!['afterMs'] as number)
})

test('two servers that end a message in the same moment make one entry of it', async (t) => {
  const together = await serveTogether(t, 2)
  const [alice, bob] = await together.servers[0].friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  await alice.actions.setTimer({ conversation, afterMs: minute })
  const at = await say(alice, conversation, 'one')
  let waiting = 0
  let open: (() => void) | undefined
  const both = new Promise<void>((resolve) => (open = resolve))
  for (const { weather } of together.servers) {
    weather.before = (model, verb) => {
      if (model !== 'log' || verb !== 'append') return undefined
      if (++waiting === 2) open!()
      return both
    }
  }
  await together.clock.advance(minute)
  await turns()
  // The other server looks for it a few seconds later.
  if (waiting < 2) await together.clock.advance(5_000)
  await turns()
  t.is(waiting, 2)
  t.like((await read(bob, at)).body, { type: 'deleted', expired: true })
  t.is((await bodies(bob, conversation)).filter(({ what }) => what === 'expired').length, 1)
})

test('of a server that dies before the log stores a message nothing is left of its time; behind the log it ends', async (t) => {
  const together = await serveTogether(t, 1)
  const [alice, bob] = await together.servers[0].friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  await alice.actions.setTimer({ conversation, afterMs: minute })
  const behind = await say(alice, conversation, 'behind')
  together.servers[0].weather.before = (model, verb) => {
    if (model === 'log' && verb === 'append') down()
  }
  const raw = await together.servers[0].device('alice:raw')
  await t.throwsAsync(raw.message(conversation, { text: 'never' }, 'never'))
  together.servers[0].weather.before = down
  const rows = async () => (await together.store.records('actions', expiringRow).page({ conversation } as never)).rows
  t.is((await rows()).length, 2)
  const other = await together.server()
  await together.clock.advance(minute + 5_000)
  await turns()
  t.like((await read(await other.client('bob:phone'), behind)).body, { type: 'deleted', expired: true })
  t.is((await rows()).length, 1, 'it may come there still')
  for (let n = 0; n < 12; n++) {
    await together.clock.advance(minute)
    await turns()
  }
  t.deepEqual(await rows(), [])
})

test('a clock that jumps ahead ends nothing early', async (t) => {
  const together = await serveTogether(t, 1)
  const { clock } = together
  const [alice, bob] = await together.servers[0].friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  await alice.actions.setTimer({ conversation, afterMs: 3 * minute })
  const at = await say(alice, conversation, 'here')
  clock.jump(10 * minute)
  await clock.advance(50_000)
  await turns()
  t.is((await read(bob, at)).body['text'], 'here')
  clock.jump(-10 * minute)
  await clock.advance(2 * minute + 20_000)
  await turns()
  t.like((await read(bob, at)).body, { type: 'deleted', expired: true })
})
