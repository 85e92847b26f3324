import { RawDevice } from '@natter/testkit'
import type { RawRefusal } from '@natter/testkit'
import type { Chat } from '@natter/core'

/** What a device was answered: the whole of a refusal, or only that it was done. */
export type Told = Readonly<Record<string, unknown>> & { readonly code: string }

export const told = (device: RawDevice, command: string, input: object): Promise<Told> =>
  device.request(command, input).then(
    () => ({ code: 'ok' }),
    (error: RawRefusal) => error.shape as Told,
  )

/** How the server ends the connection of who asks without a log-in, or with a token that is none, and what came before. */
export async function toldNobody(chat: Chat, command: string, input: object) {
  const ends: [number, ...string[]][] = []
  for (const hello of [[], [['hello', { token: 'none' }]]]) {
    const nobody = RawDevice.connect(chat)
    for (const frame of [...hello, ['q', 1, command, input]]) nobody.send(frame)
    const { code } = await nobody.closed
    ends.push([code, ...nobody.frames.map(([kind]) => kind)])
  }
  return ends
}
