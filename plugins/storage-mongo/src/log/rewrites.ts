import type { Log } from '@natter/core/contract'
import type { Document } from 'mongodb'
import type { Touched } from './documents.js'
import { around } from './entry-finder.js'
import type { Intents } from './intents.js'
import type { LogCollections } from './log-collections.js'

/** A body to replace. */
export type Rewriting = Parameters<Log['rewrite']>[2] & { readonly conversation: string; readonly seq: number }

export interface Rewritten {
  readonly touched: readonly Touched[]
  readonly answers: readonly PromiseSettledResult<boolean>[]
  /** All that was changed is in a record. */
  announced(): void
}

/** Changes bodies, each in its block by one atomic update. The intent before it sees to it that every change is announced. */
export async function rewriteAll(
  rewritings: readonly Rewriting[],
  log: LogCollections,
  intents: Intents,
): Promise<Rewritten> {
  if (rewritings.length === 0) return { touched: [], answers: [], announced: () => undefined }
  const intent = intents.next(rewritings.map(({ conversation, seq }) => ({ c: conversation, f: seq })))
  await log.insert([intent])
  const answers: PromiseSettledResult<boolean>[] = []
  for (const rewriting of rewritings) {
    const [answer] = await Promise.allSettled([rewriteOne(rewriting, log)])
    answers.push(answer)
  }
  const touched = new Map<string, Touched>()
  rewritings.forEach(({ conversation: c }, place) => {
    const answer = answers[place]!
    if (answer.status === 'rejected' || answer.value) touched.set(c, { c })
  })
  return {
    touched: [...touched.values()],
    answers,
    announced() {
      if (answers.every(({ status }) => status === 'fulfilled')) intents.done([intent])
    },
  }
}

async function rewriteOne(
  { conversation, seq, body, by, was, forget }: Rewriting,
  log: LogCollections,
): Promise<boolean> {
  const block = await log.blocks.findOne(around(conversation, seq), { projection: { k: 1 } })
  if (!block) return false
  const place = seq - block._id.f
  const last = `w.${place}`
  const set: Document = { [`p.${place}`]: body, [last]: by }
  if (forget !== undefined) set[`d.${place}`] = ''
  // the key is free again, and the client id still known
  const [from, clientId] = block.k[place]!.split('\0')
  if (forget === 'author' && from !== '') set[`k.${place}`] = `\0${seq}\0${clientId}`
  const open = {
    _id: { $eq: block._id },
    $or: [{ [last]: { $exists: false } }, { [last]: { $lte: by } }],
    ...(was !== undefined && { [`p.${place}`]: { $eq: was } }),
  }
  return (await log.blocks.updateOne(open, { $set: set })).matchedCount > 0
}
