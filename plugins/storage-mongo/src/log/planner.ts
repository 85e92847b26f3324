import type { Draft } from './draft.js'
import { nowhere } from './draft.js'
import { blockEntries } from './documents.js'
import type { BlockHead, Heads } from './heads.js'
import type { Sending, StoredEntry } from './sending.js'

/** Bodies of a block, bytes: one that is rewritten stays far below what a document may hold. */
const blockBytes = 1_000_000

/** What is stored under keys of one conversation; what is not is not in it. */
export type Lookup = (conversation: string, keys: readonly string[]) => Promise<ReadonlyMap<string, StoredEntry>>

/** What a batch comes to: blocks to store, and what must wait for the next one to stay in order. */
export interface Plan {
  readonly drafts: readonly Draft[]
  readonly later: readonly Sending[]
}

/** Sends of a batch by conversation, each in the order in which they came; repeats of a key join the first. */
export function byConversation(sendings: readonly Sending[]): ReadonlyMap<string, readonly Sending[]> {
  const lists = new Map<string, Sending[]>()
  const firsts = new Map<string, Sending>()
  for (const sending of sendings) {
    const { conversation } = sending.append
    const key = `${conversation}\0${sending.key}`
    const first = firsts.get(key)
    if (first) {
      first.joined(sending)
      continue
    }
    firsts.set(key, sending)
    const list = lists.get(conversation)
    if (list) list.push(sending)
    else lists.set(conversation, [sending])
  }
  return lists
}

/**
 * Judges sends of one conversation against its head and makes the next block of them. The block's place is unique, so that what
 * was judged here holds when it is stored: nothing came in between.
 *
 * @param fresh Whether the head was read just now. A remembered one answers nobody that the membership is another.
 */
export async function draftOf(
  conversation: string,
  sendings: readonly Sending[],
  head: BlockHead | undefined,
  fresh: boolean,
  { heads, lookup }: { readonly heads: Heads; readonly lookup: Lookup },
): Promise<{ readonly draft: Draft | undefined; readonly later: readonly Sending[] }> {
  const chosen: Sending[] = []
  const later: Sending[] = []
  let bytes = 0
  for (const [place, sending] of sendings.entries()) {
    const { open, judgedAt, members } = sending.append
    const rest = () => [...later, ...sendings.slice(place)]
    if (!head) {
      if (!open) later.push(...sending.judged({ status: 'absent' }))
      else if ((judgedAt ?? 0) !== 0) later.push(...sending.judged({ status: 'stale' }))
      else {
        const draft = { conversation, sendings: [sending], after: nowhere(open.kind), special: true }
        return { draft, later: [...later, ...sendings.slice(place + 1)] }
      }
      continue
    }
    if (judgedAt !== undefined && judgedAt !== head.version) {
      if (!fresh) {
        if (chosen.length > 0)
          return { draft: { conversation, sendings: chosen, after: head, special: false }, later: rest() }
        head = await heads.newest(conversation)
        fresh = true
        if (!head || judgedAt !== head.version) {
          later.push(...(await stale(sending)))
          continue
        }
      } else {
        later.push(...(await stale(sending)))
        continue
      }
    }
    if (members) {
      if (chosen.length > 0)
        return { draft: { conversation, sendings: chosen, after: head, special: false }, later: rest() }
      const draft = { conversation, sendings: [sending], after: head, special: true }
      return { draft, later: [...later, ...sendings.slice(place + 1)] }
    }
    if (chosen.length === blockEntries || (chosen.length > 0 && bytes + sending.bytes > blockBytes)) {
      return { draft: { conversation, sendings: chosen, after: head, special: false }, later: rest() }
    }
    bytes += sending.bytes
    chosen.push(sending)
  }
  const draft = head && chosen.length > 0 ? { conversation, sendings: chosen, after: head, special: false } : undefined
  return { draft, later }

  /** A retry of what is stored is answered all the same. */
  async function stale(sending: Sending): Promise<readonly Sending[]> {
    const stored = (await lookup(conversation, [sending.key])).get(sending.key)
    if (!stored) return sending.judged({ status: 'stale' })
    sending.stored('duplicate', stored)
    return []
  }
}
