import { offline } from '@natter/offline'
import { presence } from '@natter/presence'
import type { PersonPresence } from '@natter/presence/contract'
import { createTestChat } from '@natter/testkit'
import type { RawDevice, TestChatOptions, TestContext } from '@natter/testkit'
import type { Plugins } from '@natter/core'

type Config = Parameters<typeof presence>[0]

/** A chat with presence in which these people have talked with alice. */
export async function talking(
  t: TestContext,
  friends: readonly string[],
  {
    config,
    plugins = [],
    ...options
  }: { config?: Config; plugins?: Plugins } & Partial<Pick<TestChatOptions<Plugins>, 'limits' | 'storage'>> = {},
) {
  const made = await createTestChat(t, { plugins: [offline(), presence(config), ...plugins], ...options })
  const conversations = new Map<string, string>()
  for (const friend of friends) {
    const device = await made.device(`${friend}:first`)
    conversations.set(friend, (await device.message({ user: 'alice' }, { text: 'hello' }))[4] as string)
    device.drop()
  }
  // Whoever said hello has been gone for long.
  await pass(made.clock, 60_000)
  return { ...made, conversation: (friend: string) => conversations.get(friend)! }
}

/** Turns the clock while these devices show signs of life, and lets what that sets off come to its end. */
export async function pass(
  clock: { advance(ms: number): Promise<void> },
  ms: number,
  ...alive: readonly RawDevice[]
): Promise<void> {
  for (let left = ms; left >= 0; left -= lifeMs) {
    for (const device of alive) await device.request('presence.mine')
    await clock.advance(Math.min(left, lifeMs))
    for (let turn = 0; turn < 12; turn++) await new Promise(setImmediate)
  }
}
const lifeMs = 20_000

export const watch = async (device: RawDevice, ...users: readonly string[]) =>
  (await device.request<{ readonly people: readonly PersonPresence[] }>('presence.watch', { users })).people

/** What a device was told of somebody, one after the other. */
export const toldOf = (device: RawDevice, user: string) =>
  device.frames
    .filter(([kind, name]) => kind === 'e' && name === 'presence.changed')
    .flatMap(([, , payload]) => (payload as { readonly people: readonly PersonPresence[] }).people)
    .filter((person) => person.user === user)
