import test from 'ava'
import { createTestChat } from '@natter/testkit'
import { NatterErrors, definePlugin, messageAllow, messageStore } from '@natter/core'
import { StorageErrors } from '@natter/core/contract'
import type { NatterError } from '@natter/core/contract'

const failing = (error: () => NatterError) =>
  definePlugin({
    name: 'failing',
    setup(api) {
      api.hook(messageStore, () => {
        throw error()
      })
    },
  })()
const logged: string[] = []
const logger = {
  child: () => logger,
  isLevelEnabled: () => true,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (...line: readonly unknown[]) => void logged.push(JSON.stringify(line)),
}

test.serial('a full disk that a hook met reaches the client as such, and the log', async (t) => {
  const error = () => StorageErrors.FULL({ cause: new Error('/secret/path'), retryAfterMs: 70 })
  const { device } = await createTestChat(t, { plugins: [failing(error)], logger })
  const alice = await device('alice')
  const refusal = await t.throwsAsync<Error & { shape: object }>(alice.message({ user: 'bob' }, { text: 'hello' }))
  const { status: _, message, retryable } = StorageErrors.FULL.spec
  t.deepEqual(refusal?.shape, { code: 'STORAGE_FULL', message, retryable, retryAfterMs: 70 })
  t.is(logged.splice(0).length, 1)
})

test.serial('what the store says of a plugin that uses it wrongly stays inside', async (t) => {
  const { device } = await createTestChat(t, { plugins: [failing(() => StorageErrors.NOT_INDEXED())], logger })
  const alice = await device('alice')
  await t.throwsAsync(alice.message({ user: 'bob' }, { text: 'hello' }), { code: 'NATTER_INTERNAL' } as never)
  t.is(logged.splice(0).length, 1)
})

test.serial('a value that the database refuses is refused for good, in words that tell nothing of it', async (t) => {
  const error = () => StorageErrors.INVALID({ message: 'trigger guard_7 of table secret_names said no' })
  const { device } = await createTestChat(t, { plugins: [failing(error)], logger })
  const alice = await device('alice')
  const refusal = await t.throwsAsync<Error & { shape: object }>(alice.message({ user: 'bob' }, { text: 'hello' }))
  t.deepEqual(refusal?.shape, { code: 'STORAGE_INVALID', message: StorageErrors.INVALID.spec.message })
  t.true(logged.splice(0).join().includes('guard_7'))
})

test.serial(
  'a store that says nothing in time did not answer, to people and to the host; another hook is a fault inside',
  async (t) => {
    for (const [silent, code] of [
      [messageStore, 'STORAGE_UNAVAILABLE'],
      [messageAllow, 'NATTER_INTERNAL'],
    ] as const) {
      let asked: () => void
      const plugin = definePlugin({
        name: 'silent',
        setup(api) {
          api.hook(silent as typeof messageStore, () => {
            asked()
            return new Promise<never>(() => undefined)
          })
        },
      })()
      const { chat, device, clock } = await createTestChat(t, { plugins: [plugin], logger })
      const alice = await device('alice')
      const late = async (sent: () => Promise<unknown>) => {
        const heard = new Promise<void>((resolve) => (asked = resolve))
        const refusal = t.throwsAsync<Error & { code: string }>(sent())
        await heard
        await clock.advance(5_000)
        return (await refusal)?.code
      }
      t.is(await late(() => alice.message({ user: 'bob' }, { text: 'hello' })), code)
      const { code: inside } = silent === messageStore ? { code } : NatterErrors.HOOK_TIMEOUT
      t.is(await late(() => chat.as('alice').send({ user: 'bob' }, { text: 'hello' })), inside)
      t.true(logged.splice(0).join().includes('silent did not answer within 5 s'))
    }
  },
)

test.serial('the host is told what the store said, not in which hook', async (t) => {
  for (const [error, code] of [
    [StorageErrors.FULL, 'STORAGE_FULL'],
    [StorageErrors.INVALID, 'STORAGE_INVALID'],
    [StorageErrors.NOT_INDEXED, 'NATTER_HOOK_FAILED'],
  ] as const) {
    const { chat } = await createTestChat(t, { plugins: [failing(() => error())], logger })
    await t.throwsAsync(chat.as('alice').send({ user: 'bob' }, { text: 'hello' }), { code })
  }
})
