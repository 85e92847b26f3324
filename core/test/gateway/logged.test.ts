import test from 'ava'
import { RawDevice, createTestChat } from '@natter/testkit'
import type { Chat } from '@natter/core'

test('a connection that is refused, and one that floods, are in the log, without what they sent', async (t) => {
  const lines: (readonly unknown[])[] = []
  const note = (...line: readonly unknown[]) => void lines.push(line)
  const logger = {
    child: () => logger,
    isLevelEnabled: () => true,
    debug: () => undefined,
    info: note,
    warn: note,
    error: note,
  }
  const limits = { frameBurst: 5, framesPerSecond: 1 }
  const { chat, device } = await createTestChat(t, { storage: null, plugins: [], logger, limits })
  const mallory = RawDevice.connect(chat as unknown as Chat)
  mallory.send(['hello', { token: 'a canary that nobody has' }])
  t.is((await mallory.closed).code, 4401)
  t.deepEqual(lines.splice(0), [
    [{ ip: '127.0.0.1', reason: 'nobody knows these credentials' }, 'a connection was refused'],
  ])
  const alice = await device('alice')
  lines.splice(0)
  for (let i = 0; i < 20; i++) alice.send(['p'])
  t.is((await alice.closed).code, 4429)
  t.like(lines, [[{ user: 'alice', ip: '127.0.0.1' }, 'a connection was closed for its flood of frames']])
})
