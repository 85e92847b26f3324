import type { Draft } from './draft.js'
import { nowhere } from './draft.js'
import { blockBytes, blockEntries } from './documents.js'
import type { BlockHead, Heads } from './heads.js'
import type { Sending, StoredEntry } from './sending.js'

/** What is stored under keys of one conversation; what is not is not in it. */
export type Lookup = (conversation: string, keys: readonly string[]) => Promise<ReadonlyMap<string, StoredEntry>>

/** The next block of a conversation, and what must wait for the one behind it to stay in order. */
export interface Planned {
  readonly draft: Draft | undefined
  readonly later: readonly Sending[]
}

/** What is to be judged in place of one that was has its own place among the others. */
const inTurn = (freed: readonly Sending[], rest: readonly Sending[]) =>
  freed.length === 0 ? rest : [...freed, ...rest].sort((a, b) => a.turn - b.turn)

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
): Promise<Planned> {
  const chosen: Sending[] = []
  let rest = sendings
  let bytes = 0
  const made = (after: BlockHead): Planned => ({
    draft: chosen.length > 0 ? { conversation, sendings: chosen, after, special: false } : undefined,
    later: rest,
  })
  for (let [sending] = rest; sending; [sending] = rest) {
    const { open, judgedAt, members } = sending.append
    if (!head) {
      rest = rest.slice(1)
      if (open && (judgedAt ?? 0) === 0) {
        return { draft: { conversation, sendings: [sending], after: nowhere(open.kind), special: true }, later: rest }
      }
      rest = inTurn(sending.judged({ status: open ? 'stale' : 'absent' }), rest)
      continue
    }
    if (judgedAt !== undefined && judgedAt !== head.version) {
      if (!fresh) {
        if (chosen.length > 0) return made(head)
        head = await heads.newest(conversation)
        fresh = true
        continue
      }
      rest = inTurn(await stale(sending), rest.slice(1))
      continue
    }
    if (members) {
      if (chosen.length > 0) return made(head)
      return { draft: { conversation, sendings: [sending], after: head, special: true }, later: rest.slice(1) }
    }
    if (chosen.length === blockEntries || (chosen.length > 0 && bytes + sending.bytes > blockBytes)) return made(head)
    bytes += sending.bytes
    chosen.push(sending)
    rest = rest.slice(1)
  }
  return head ? made(head) : { draft: undefined, later: rest }

  /** A retry of what is stored is answered all the same. */
  async function stale(sending: Sending): Promise<readonly Sending[]> {
    const stored = (await lookup(conversation, [sending.key])).get(sending.key)
    if (!stored) return sending.judged({ status: 'stale' })
    sending.stored('duplicate', stored)
    return []
  }
}
