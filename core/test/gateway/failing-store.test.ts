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
