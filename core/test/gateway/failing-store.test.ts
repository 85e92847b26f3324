import test from 'ava'
import { createTestChat } from '@natter/testkit'
import { definePlugin, messageStore } from '@natter/core'
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
