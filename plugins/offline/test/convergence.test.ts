import test from 'ava'
import fc from 'fast-check'
import type { RawDevice } from '@natter/testkit'
import { FakeDevice } from './fake-device.js'
import { serve } from './serve.js'

const onRealStore = process.env['TEST_STORAGE'] !== undefined
const runs = onRealStore ? 8 : 80

const setting = fc.oneof(
  fc.record({ pinned: fc.option(fc.nat(3)) }),
  fc.record({ muted: fc.option(fc.oneof(fc.constant(true as const), fc.nat(9))) }),
  fc.record({ archived: fc.boolean() }),
  fc.record({ hidden: fc.option(fc.nat(2)) }),
  fc.record({ unread: fc.option(fc.nat(2)) }),
  fc.record({ draft: fc.constantFrom('', 'a', 'b') }),
)
const by = fc.nat(1)
const change = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: fc.constant('set' as const), place: fc.nat(2), setting }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('privacy' as const), privateRead: fc.boolean() }) },
)
const arrival = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constant('hear' as const), by, which: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('answer' as const), by }) },
)
const trouble = fc.oneof(
  fc.record({ does: fc.constant('lose' as const), by, which: fc.nat(5) }),
  fc.record({ does: fc.constant('connect' as const), by }),
  fc.record({ does: fc.constant('reset' as const), by }),
)
type Step =
  typeof change extends fc.Arbitrary<infer C>
    ? | C
      | (typeof arrival extends fc.Arbitrary<infer A> ? A : never)
      | (typeof trouble extends fc.Arbitrary<infer T> ? T : never)
    : never

/** A server, and for each run a person with two devices and three conversations. */
async function makeRuns(t: Parameters<typeof serve>[0]) {
  const { device, log } = await serve(t)
  let run = 0
  return async () => {
    const user = `u${run++}`
    const places = [0, 1, 2].map((i) => `${user}:${i}`)
    for (const conversation of places) {
      const open = { kind: 'group', members: [user] }
      const entry = { conversation, from: 'system', at: 1, body: '{"text":"x"}', digest: 'd', counts: true }
      await log().append({ ...entry, clientId: 'a', open })
      await log().append({ ...entry, clientId: 'b' })
    }
    const [hand, ear] = [await device(user), await device(`${user}:ear`)]
    const devices = [0, 1].map(() => new FakeDevice((input) => hand.request('offline.settings', input)))
    for (const each of devices) each.connect()
    return { hand, ear, places, devices: devices as [FakeDevice, FakeDevice] }
  }
}

async function take(
  step: Step,
  {
    hand,
    ear,
    places,
    devices,
  }: { hand: RawDevice; ear: RawDevice; places: string[]; devices: [FakeDevice, FakeDevice] },
  versions: { last: number },
) {
  switch (step.does) {
    case 'set':
    case 'privacy': {
      const { version } =
        step.does === 'set'
          ? await hand.request<{ version: number }>('offline.set', {
              conversation: places[step.place],
              ...step.setting,
            })
          : await hand.request<{ version: number }>('offline.privacy', { privateRead: step.privateRead })
      if (version <= versions.last) return
      versions.last = version
      // What changed nothing is told again, for who did not hear it the first time.
      const [, , news] = await ear.next(([, , told]) => (told as { version?: number } | undefined)?.version === version)
      for (const each of devices) each.coming.push(news as never)
      return
    }
    case 'hear':
      return devices[step.by]!.hear(step.which)
    case 'lose':
      return devices[step.by]!.lose(step.which)
    case 'answer':
      return void (await devices[step.by]!.answer())
    case 'connect':
      return devices[step.by]!.connect()
    case 'reset':
      return devices[step.by]!.reset()
  }
}

async function fresh(hand: RawDevice) {
  const device = new FakeDevice((input) => hand.request('offline.settings', input))
  device.connect()
  await device.settle()
  return device.own.get()
}

test('in any order of arrival, with losses made up for at the next connection, a device has what a fresh one has', async (t) => {
  const makeRun = await makeRuns(t)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(change, arrival, trouble), { minLength: 5, maxLength: 30 }), async (steps) => {
      const run = await makeRun()
      const versions = { last: 0 }
      for (const step of steps) await take(step, run, versions)
      const expected = await fresh(run.hand)
      for (const device of run.devices) {
        await device.settle()
        device.connect()
        await device.settle()
        t.deepEqual(device.own.get(), expected)
      }
      run.hand.drop()
      run.ear.drop()
    }),
    { numRuns: runs },
  )
})

test('where nothing is lost, it has that without another connection', async (t) => {
  const makeRun = await makeRuns(t)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(change, arrival), { minLength: 5, maxLength: 30 }), async (steps) => {
      const run = await makeRun()
      const versions = { last: 0 }
      for (const step of steps) await take(step, run, versions)
      const expected = await fresh(run.hand)
      for (const device of run.devices) {
        while (device.coming.length > 0) device.hear(7)
        await device.settle()
        t.deepEqual(device.own.get(), expected)
      }
      run.hand.drop()
      run.ear.drop()
    }),
    { numRuns: runs },
  )
})

test('what was lost is asked for when something later is heard', async (t) => {
  const run = await (await makeRuns(t))()
  const versions = { last: 0 }
  for (const device of run.devices) await device.settle()
  await take({ does: 'set', place: 0, setting: { pinned: 1 } }, run, versions)
  await take({ does: 'set', place: 1, setting: { pinned: 2 } }, run, versions)
  const [device] = run.devices
  device.lose(0)
  device.hear(0)
  await device.settle()
  t.deepEqual(device.own.get(), await fresh(run.hand))
})

test('what is heard while a reset is on its way is asked for again', async (t) => {
  const news = { conversation: 'c', version: 6, pinned: 1 }
  const answers = [
    { cursor: 'old', version: 9, more: false, reset: false, settings: [], privateRead: false },
    { cursor: 'new', version: 5, more: false, reset: true, settings: [], privateRead: false },
    { cursor: 'newer', version: 6, more: false, reset: false, settings: [news], privateRead: false },
  ]
  const asked: object[] = []
  const device = new FakeDevice(async (input) => {
    asked.push(input)
    return answers[asked.length - 1]
  })
  device.connect()
  await device.settle()
  device.connect()
  device.coming.push({ version: 6, setting: news })
  device.hear(0)
  await device.settle()
  t.deepEqual(device.own.get(), { ready: true, privateRead: false, settings: { c: news } })
  t.deepEqual(asked, [{}, { cursor: 'old' }, { cursor: 'new' }])
})
