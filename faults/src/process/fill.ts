import type { Chat } from '@natter/core'
import { NatterError } from '@natter/core/contract'
import { noise } from './noise.js'
import type { Filled, Question } from './orders.js'

/** So many are under way at a time, so that a refusal meets whole batches. */
const lanes = 8

/** Sends long messages until one is refused in each lane. */
export async function fill(chat: Chat, order: Extract<Question, { ask: 'fill' }>): Promise<Filled> {
  const { name, from, to: user, bytes, most } = order
  const stored: Filled['stored'][number][] = []
  const refused: Filled['refused'][number][] = []
  let last = 0
  async function send(): Promise<void> {
    while (last < most) {
      const id = `${name}-${++last}`
      try {
        const ack = await chat.as(from).send({ user }, { text: noise(id, bytes) }, { id })
        stored.push({ id, seq: ack.durability === 'committed' ? ack.seq : 0 })
      } catch (error) {
        refused.push({ id, code: codeOf(error), retryable: NatterError.is(error) && error.retryable })
        return
      }
    }
  }
  await Promise.all(Array.from({ length: lanes }, send))
  return { stored, refused }
}

/** The code of the error that is behind all others. */
function codeOf(error: unknown): string {
  const { cause, code } = error as { readonly cause?: unknown; readonly code?: unknown }
  if (code === 'NATTER_HOOK_FAILED') return codeOf(cause)
  return typeof code === 'string' ? code : String(error)
}
