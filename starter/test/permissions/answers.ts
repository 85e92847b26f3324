import type { Chat } from '@natter/core'
import { RawDevice, RawRefusal } from '@natter/testkit'
import type { Told } from './judge.js'

/** What a device is answered. Of what was passed on, each place says for itself whether it took it: here it is one. */
export const told = (asked: Promise<unknown>): Promise<Told> =>
  asked.then(
    (output) => {
      const { sent } = output as { readonly sent?: readonly { readonly error?: string }[] }
      const error = sent?.[0]?.error
      return error === undefined ? { code: 'ok', done: true } : { code: error, done: false, refusal: output as object }
    },
    (error: unknown) => {
      if (error instanceof RawRefusal) return { code: error.code, done: false, refusal: error.shape }
      throw error
    },
  )

/**
 * How the server ends the connection of who sends a frame without a log-in, or with a token that is none; with the kinds of
 * frames that came before.
 */
export async function toldNobody(chat: Chat, frame: readonly unknown[]): Promise<readonly (readonly unknown[])[]> {
  const ends = []
  for (const before of [[], [['hello', { token: 'none' }]]]) {
    const nobody = RawDevice.connect(chat)
    for (const each of [...before, frame]) nobody.send(each)
    const { code } = await nobody.closed
    ends.push([code, ...nobody.frames.map(([kind]) => kind)])
  }
  return ends
}
