import type { BulkLines, BulkPart, Storage } from '@natter/core/contract'
import { text, userId } from './names.js'

/** What a store is filled with, in this order: conversations of two people, each of so many messages. */
export type Filling = readonly { readonly conversations: number; readonly each: number }[]

export const conversationId = (place: number): string => `c-${String(place).padStart(20, '0')}`

const linesAtOnce = 400
/** Between two lines about how far it is, ms. */
const tellMs = 10_000
const at = Date.UTC(2026, 0, 1)
const body = JSON.stringify({ text })

/** Fills an empty store as a copy from another one would, which is the fastest way into it. */
export async function fillStore(
  { bulk, description }: Storage,
  filling: Filling,
  tell: (line: string) => void,
): Promise<void> {
  if (!bulk) throw new Error(`${description} cannot be filled: its backend has no bulk writing`)
  await bulk.begin('benchmark')
  const write = async <P extends BulkPart>(part: P, count: number, line: (place: number) => BulkLines[P]) => {
    let told = performance.now()
    for (let from = 0; from < count; from += linesAtOnce) {
      const lines = Array.from({ length: Math.min(linesAtOnce, count - from) }, (_, i) => line(from + i))
      await bulk.write(part, lines, 'somewhere')
      if (performance.now() - told < tellMs) continue
      told = performance.now()
      tell(`${description}: ${from + lines.length} of ${count} lines of "${part}"`)
    }
  }
  const lengths = filling.flatMap(({ conversations, each }) => Array.from({ length: conversations }, () => each))
  await write('mark', 1, () => ({ mark: lengths.length }))
  await write('conversation', lengths.length, (place) => ({
    id: conversationId(place),
    kind: 'direct',
    seq: lengths[place]!,
    n: lengths[place]!,
    at,
    version: 1,
    mark: place + 1,
  }))
  await write('member', lengths.length * 2, (place) => ({
    conversation: conversationId(place >> 1),
    user: userId((place >> 1) * 2 + (place & 1)),
    floor: 0,
    left: 0,
    read: 0,
    received: 0,
    mark: 0,
  }))
  // in the order of their conversations: the next is behind the one before
  let [conversation, seq] = [0, 0]
  await write(
    'entry',
    lengths.reduce((sum, each) => sum + each, 0),
    () => {
      if (++seq > lengths[conversation]!) [conversation, seq] = [conversation + 1, 1]
      return {
        conversation: conversationId(conversation),
        seq,
        n: seq,
        from: userId(conversation * 2),
        clientId: `filled-${seq}`,
        at,
        body,
        digest: 'none',
        changedBy: 0,
      }
    },
  )
  await bulk.finish()
}
