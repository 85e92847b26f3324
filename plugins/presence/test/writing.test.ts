import test from 'ava'
import { definePlugin } from '@natter/core'
import { defineErrors, deny } from '@natter/core/contract'
import { presenceWrite } from '@natter/presence/contract'
import type { RawDevice } from '@natter/testkit'
import { pass, talking } from './serve.js'

const written = (device: RawDevice) =>
  device.frames.filter(([, name]) => name === 'presence.writes').map(([, , payload]) => payload as { what: string })
const { DENIED } = defineErrors('BLOCKS', { DENIED: { status: 403, message: 'No.' } })

test('the other is told while it lasts, and that it is over when nothing more is said', async (t) => {
  const { device, clock, conversation } = await talking(t, ['bob'])
  const [alice, bob] = [await device('alice'), await device('bob')]
  const id = conversation('bob')
  const say = (what: string) => bob.request('presence.write', { conversation: id, what })
  await say('typing')
  t.deepEqual(written(alice), [{ conversation: id, user: 'bob', what: 'typing', forMs: 6_000 }] as never)
  t.deepEqual(written(bob), [])
  await pass(clock, 5_000)
  await say('recording')
  await pass(clock, 5_999)
  t.deepEqual(
    written(alice).map(({ what }) => what),
    ['typing', 'recording'],
  )
  await pass(clock, 1)
  t.deepEqual(
    written(alice).map(({ what }) => what),
    ['typing', 'recording', 'none'],
  )
  // Who has not begun does not end, and who ends does so once.
  await say('none')
  await say('uploading')
  await say('none')
  await pass(clock, 10_000)
  t.deepEqual(
    written(alice)
      .map(({ what }) => what)
      .slice(3),
    ['uploading', 'none'],
  )
})

test('a message ends it without another word', async (t) => {
  const { device, clock, conversation } = await talking(t, ['bob'])
  const [alice, bob] = [await device('alice'), await device('bob')]
  await bob.request('presence.write', { conversation: conversation('bob'), what: 'typing' })
  await bob.message(conversation('bob'), { text: 'there' })
  await pass(clock, 10_000)
  t.deepEqual(
    written(alice).map(({ what }) => what),
    ['typing'],
  )
})

test('in a conversation of others, and in one that is not there, it is the same refusal, and nobody hears it', async (t) => {
  const { device, conversation } = await talking(t, ['bob'])
  const [alice, mallory] = [await device('alice'), await device('mallory')]
  const refused = (conversation: string) =>
    t.throwsAsync(mallory.request('presence.write', { conversation, what: 'typing' }))
  const [foreign, absent] = [await refused(conversation('bob')), await refused('not-there')]
  t.is((foreign as Error & { code?: string }).code, 'NATTER_NOT_FOUND')
  t.is(foreign!.message, absent!.message)
  t.deepEqual(written(alice), [])
})

test('whom a plugin refuses writes unheard, and does not learn it', async (t) => {
  const asked: unknown[] = []
  const blocks = definePlugin({
    name: 'blocks',
    setup(api) {
      api.hook(presenceWrite, (question) => {
        asked.push(question)
        return deny(DENIED)
      })
    },
  })
  const { device, conversation } = await talking(t, ['bob'], { plugins: [blocks()] })
  const [alice, bob] = [await device('alice'), await device('bob')]
  const id = conversation('bob')
  t.deepEqual(await bob.request('presence.write', { conversation: id, what: 'typing' }), {})
  t.deepEqual(written(alice), [])
  t.deepEqual(asked, [{ user: 'bob', conversation: id, peer: 'alice' }])
})
