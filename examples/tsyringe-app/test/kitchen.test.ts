import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import 'reflect-metadata'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { container as root } from 'tsyringe'
import type { DependencyContainer } from 'tsyringe'
import { createChat, fromTsyringe } from '@natter/core'
import type { HostToken } from '@natter/core'
import { Now } from '#src/host-tokens.js'
import { Hours, nightRest } from '#src/night-rest.js'
import { openKitchen } from '#src/open-kitchen.js'
import { OpeningHours } from '#src/opening-hours.js'
import { Reminders } from '#src/reminders.js'

const run = promisify(execFile)
const secrets = 'a secret for tests that is long enough to be one'
const noon = () => new Date('2026-03-01T12:00:00Z')
const night = () => new Date('2026-03-01T23:00:00Z')

async function kitchen(t: ExecutionContext, now: () => Date) {
  const folder = await mkdtemp(join(tmpdir(), 'natter-kitchen-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const { chat, container } = await openKitchen(folder, now)
  t.teardown(() => chat.stop())
  return { chat, container }
}

test("a plugin decides by the app's own service", async (t) => {
  const day = await kitchen(t, noon)
  t.like(await day.chat.as('cleo').send({ user: 'dan' }, { text: 'hello' }), { durability: 'committed', seq: 1 })
  const late = await kitchen(t, night)
  await t.throwsAsync(late.chat.as('cleo').send({ user: 'dan' }, { text: 'hello' }), { code: 'NIGHT_REST_CLOSED' })
})

test("a decorated class of the app uses the chat's services, through the same hooks", async (t) => {
  const { chat, container } = await kitchen(t, noon)
  const reminders = container.resolve(Reminders)
  const first = await reminders.remind('dan', '17')
  t.deepEqual(await reminders.remind('dan', '17'), first)
  t.like(await chat.conversations.entry('dan', `${first.conversation}/1`), { text: 'Order 17 is waiting.' })
  await t.throwsAsync(chat.conversations.entry('dan', `${first.conversation}/2`), { code: 'NATTER_NOT_FOUND' })
  t.false(reminders.isThere('dan'))
  const late = await kitchen(t, night)
  await t.throwsAsync(late.container.resolve(Reminders).remind('dan', '18'), { code: 'NIGHT_REST_CLOSED' })
})

test('two chats of one process have containers of their own', async (t) => {
  const [one, other] = [await kitchen(t, noon), await kitchen(t, noon)]
  t.not(one.container.resolve(Reminders), other.container.resolve(Reminders))
  await one.container.resolve(Reminders).remind('dan', '17')
  const { conversation } = await other.container.resolve(Reminders).remind('dan', '18')
  t.like(await other.chat.conversations.entry('dan', `${conversation}/1`), { text: 'Order 18 is waiting.' })
})

test('the program shows both directions, by day and by night', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'natter-kitchen-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
  const at = async (hour: string) =>
    (await run(process.execPath, [main], { env: { ...process.env, DATA_DIR: folder, HOUR: hour } })).stdout
  t.is(await at('12'), "It is      12 o'clock\nDan        reads: Order 17 is waiting.\n")
  await rm(join(folder, 'kitchen.db'))
  t.is(await at('23'), "It is      23 o'clock\nRefused    It is late. Send it in the morning.\n")
})

// What the host can get wrong. Each message names the service and what to do.

const boot = (container: DependencyContainer, host: HostToken<Hours> = OpeningHours) =>
  createChat({ plugins: [nightRest()], container: fromTsyringe(container, [[Hours, host]]), secrets })

test('a name that the container does not know is named', async (t) => {
  await t.throwsAsync(boot(root.createChildContainer(), 'OpeningHours'), {
    code: 'NATTER_NEED_MISSING',
    message:
      'the host\'s container knows no OpeningHours; it is to give the service "hours".\n' +
      '  Register it before createChat.',
  })
})

test('a class of which a part is missing names the service and the part', async (t) => {
  const error = await t.throwsAsync(boot(root.createChildContainer()), { code: 'NATTER_NEED_MISSING' })
  t.regex(error.message, /cannot make OpeningHours: .*; it is to give the service "hours"\.\n {2}Register what/)
  t.regex(String((error.cause as { cause?: Error }).cause?.message), /kitchen\.now/)
})

test('a promise in place of a service is named, with what to do', async (t) => {
  const container = root.createChildContainer()
  container.register('hours', { useFactory: async () => new OpeningHours(noon) })
  await t.throwsAsync(boot(container, 'hours'), {
    code: 'NATTER_NEED_MISSING',
    message:
      'the host\'s container gives a promise for hours; it is to give the service "hours".\n' +
      '  Resolve it before createChat, and bind the service itself.',
  })
})

test('a disposed container is named as such', async (t) => {
  const container = root.createChildContainer()
  container.register(Now, { useValue: noon })
  await container.dispose()
  for (const host of [OpeningHours, 'hours'] as const) {
    await t.throwsAsync(boot(container, host), {
      code: 'NATTER_NEED_MISSING',
      message:
        'the host\'s container was disposed; it is to give the service "hours".\n' +
        '  Keep the container for as long as the chat runs.',
    })
  }
})
