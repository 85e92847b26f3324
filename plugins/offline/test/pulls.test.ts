import test from 'ava'
import { createTestChat } from '@natter/testkit'
import { offline } from '@natter/offline'

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const limits = { messageBurst: 10_000, hardBufferBytes: 150_000, softBufferBytes: 100_000, frameBurst: 10_000 }

test('while a page drains, the next waits, live entries shrink to hints, and the buffer cap does not count it', async (t) => {
  const { device } = await createTestChat(t, { plugins: [offline()], limits })
  const [alice, bob] = [await device('alice'), await device('bob')]
  let conversation: unknown
  for (let i = 0; i < 30; i++) {
    conversation = (await alice.message({ user: 'bob' }, { text: `${i} ${'x'.repeat(15_000)}` }))[4]
  }
  for (let i = 0; i < 30; i++) await bob.next('m')

  bob.peer.stall()
  const first = bob.request<Page>('offline.page', { conversation, after: 0 })
  const second = bob.request<Page>('offline.page', { conversation, after: 0, limit: 1 })
  await bob.peer.holds(limits.softBufferBytes)
  await alice.message({ user: 'bob' }, { text: 'y'.repeat(10_000) })
  // The page alone is larger than the cap; it was asked for, so that its bytes do not count and nobody is closed.
  for (let i = 0; i < 40; i++) await alice.message({ user: 'bob' }, { text: 'z'.repeat(15_000) })
  await new Promise(setImmediate)
  bob.peer.resume()
  const page = await first
  t.true(page.entries.length > 5 && page.entries.length < 30, `limited by bytes: ${page.entries.length}`)
  t.deepEqual(
    page.entries.map(([seq]) => seq),
    range(1, page.entries.length),
  )
  t.is((await second).entries.length, 1)
  const hints = bob.frames.filter(([kind, id]) => kind === 'h' && id === conversation).map(([, , seq]) => seq)
  t.true(hints.includes(71), JSON.stringify(hints))
  t.true(bob.frames.filter(([kind]) => kind === 'm').length < 40)
})

test('too many pulls at once are refused as busy', async (t) => {
  const { device } = await createTestChat(t, { plugins: [offline()], limits })
  const [alice, bob] = [await device('alice'), await device('bob')]
  const conversation = (await alice.message({ user: 'bob' }, { text: 'x' }))[4]
  bob.peer.stall()
  const asked = range(1, 12).map(() => bob.request('offline.page', { conversation }).catch((error: unknown) => error))
  await new Promise(setImmediate)
  bob.peer.resume()
  const codes = (await Promise.all(asked)).map((answer) => (answer as { code?: string }).code)
  t.deepEqual(codes.filter(Boolean), ['NATTER_BUSY', 'NATTER_BUSY', 'NATTER_BUSY', 'NATTER_BUSY'])
})

interface Page {
  readonly entries: readonly (readonly [seq: number])[]
}
