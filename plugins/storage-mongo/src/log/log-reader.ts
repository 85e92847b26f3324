import type { ConversationState, Head, LogEntry, Log, Member, Membership } from '@natter/core/contract'
import { compareCells } from '@natter/core/storage'
import { marksFor } from './changes.js'
import type { Changes } from './changes.js'
import type { Block, ConversationDocument, MemberDocument } from './documents.js'
import { slicesOf } from './block-slices.js'
import { between, blockEntries, everyMember, keyOf } from './documents.js'
import { entryOf } from './entry-of.js'
import type { ReadBlock } from './entry-of.js'
import type { EntryFinder } from './entry-finder.js'
import type { Heads } from './heads.js'
import type { LogCollections } from './log-collections.js'

type Range = Required<Parameters<Log['range']>[1]>

/** A member never shows more than the conversation that was read before. */
const memberOf = ({ _id, floor, l, r, d }: MemberDocument, head: { readonly s: number }): Member => ({
  user: _id.u,
  floor,
  left: l > 0,
  read: Math.min(r, head.s),
  received: Math.min(d, head.s),
})
const sorted = (members: readonly MemberDocument[], head: { readonly s: number }) =>
  members.toSorted((a, b) => compareCells(a._id.u, b._id.u)).map((each) => memberOf(each, head))

/** The log's reads. Those of conversations and members come behind all that is committed, by whomever. */
export class LogReader {
  readonly #log: LogCollections
  readonly #changes: Changes
  readonly #heads: Heads
  readonly #finder: EntryFinder

  constructor(log: LogCollections, changes: Changes, heads: Heads, finder: EntryFinder) {
    this.#log = log
    this.#changes = changes
    this.#heads = heads
    this.#finder = finder
  }

  async find(conversation: string, from: string, clientId: string) {
    // so that a primary just elected does not tell less than was known before
    await this.#changes.look()
    const key = keyOf(from, clientId)
    return (await this.#finder.lookup(conversation, [key])).get(key)
  }

  async head(conversation: string): Promise<Head | undefined> {
    const head = await this.#heads.newest(conversation)
    if (!head) return undefined
    const { kind, seq, n, at, version } = head
    return { conversation, kind, seq, n, at, version }
  }

  async range(conversation: string, { from, to, limit, bytes, dir }: Range): Promise<readonly LogEntry[]> {
    if (to < 1 || from > to) return []
    const low = Math.max(from, 1)
    const up = dir === 'asc'
    const behind = { $add: [{ $min: [to, '$t'] }, 1] }
    // of one block nobody gets more than the limit, from the end that is read first
    const slices = up
      ? slicesOf(low, { $min: [to + 1, { $add: [{ $max: [low, '$_id.f'] }, limit] }] })
      : slicesOf({ $max: [low, { $subtract: [behind, limit] }] }, behind)
    const blocks = this.#log.blocks.aggregate<ReadBlock & Pick<Block, 't'>>([
      { $match: { _id: between(conversation, low - blockEntries + 1, to), t: { $gte: low } } },
      { $sort: { _id: up ? 1 : -1 } },
      { $limit: limit },
      { $project: { ...slices, t: 1 } },
    ])
    const page: LogEntry[] = []
    let size = 0
    collecting: for await (const block of blocks) {
      const { f } = block._id
      const first = Math.max(up ? low : Math.max(low, Math.min(to, block.t) - limit + 1), f)
      const count = block.k.length
      for (let i = 0; i < count; i++) {
        const read = up ? i : count - 1 - i
        size += Buffer.byteLength(block.p[read]!)
        if (page.length === limit || (page.length > 0 && size > bytes)) break collecting
        page.push(entryOf(block, first - f + read, first - f))
      }
    }
    return dir === 'asc' ? page : page.reverse()
  }

  /** The version before the members: who is judged by newer members than their version says is stale, never the other way. */
  async membership(conversation: string): Promise<Membership | undefined> {
    await this.#changes.settled()
    const found = await this.#log.conversations.findOne({ _id: { $eq: conversation } })
    if (!found) return undefined
    const members = await this.#log.members.find({ _id: everyMember(conversation) }).toArray()
    return { kind: found.kind, version: found.v, members: sorted(members, found) }
  }

  async state(user: string, conversation: string): Promise<ConversationState | undefined> {
    await this.#changes.settled()
    const found = await this.#log.conversations.findOne({ _id: { $eq: conversation } })
    if (!found) return undefined
    return (await this.#states(user, [found], () => undefined))[0]
  }

  async states(user: string, { after, limit }: { readonly after: number; readonly limit: number }) {
    const settled = await this.#changes.settled()
    // Who changes between the two looks is found by the second, so nobody is missed.
    const still = await this.#still(user, after)
    const mine = await this.#log.members
      .find({ '_id.u': { $eq: user }, m: { $gt: after } }, { projection: { _id: 1, m: 1, l: 1 }, hint: 'user' })
      .toArray()
    const moved = [{ _id: { $in: mine.map(({ _id }) => _id.c) } }, { _id: { $in: still }, m: { $gt: after } }]
    const conversations = await this.#log.conversations.find({ $or: moved }, { hint: '_id_' }).toArray()
    const theirs = new Map(mine.map((each) => [each._id.c, each]))
    /** Who left sees no further changes than their leaving. */
    const seen = new Map<string, number>()
    for (const { _id, m } of conversations) {
      const me = theirs.get(_id)
      seen.set(_id, !me ? m : me.l > 0 ? me.m : Math.max(m, me.m))
    }
    const chosen = conversations
      .filter(({ _id }) => seen.get(_id)! > after)
      .toSorted((a, b) => seen.get(a._id)! - seen.get(b._id)!)
      .slice(0, limit)
    const told = marksFor(
      chosen.map(({ _id }) => seen.get(_id)!),
      after,
      settled,
    )
    const marks = new Map(told.map((mark, place) => [chosen[place]!._id, mark]))
    return this.#states(user, chosen.slice(0, told.length), (conversation) => marks.get(conversation))
  }

  /**
   * Conversations of which `user` is a member whose own marks have not moved. Of a thousand few have anything new: their ids
   * come as one list out of the index, and the others do not travel.
   */
  async #still(user: string, after: number): Promise<readonly string[]> {
    const [found] = await this.#log.members
      .aggregate<{ readonly c: readonly string[] }>(
        [
          { $match: { '_id.u': { $eq: user }, l: 0, m: { $lte: after } } },
          { $group: { _id: null, c: { $push: '$_id.c' } } },
        ],
        { hint: 'user' },
      )
      .toArray()
    return found?.c ?? []
  }

  /** Conversations are read before their members: a sender's marks are in the members first. */
  async #states(
    user: string,
    conversations: readonly ConversationDocument[],
    markOf: (conversation: string) => number | undefined,
  ): Promise<readonly ConversationState[]> {
    const isDirect = ({ kind }: ConversationDocument) => kind === 'direct'
    const both = conversations.filter(isDirect).map(({ _id }) => ({ _id: everyMember(_id) }))
    const mine = conversations.filter((each) => !isDirect(each)).map(({ _id }) => ({ c: _id, u: user }))
    const [members, blocks] = await Promise.all([
      this.#log.members.find({ $or: [...both, { _id: { $in: mine } }] }).toArray(),
      this.#log.blocks.find({ _id: { $in: conversations.map(({ _id, f }) => ({ c: _id, f })) } }).toArray(),
    ])
    const newest = new Map(blocks.map((block) => [block._id.c, block]))
    const membersOf = new Map<string, MemberDocument[]>()
    for (const member of members) {
      const known = membersOf.get(member._id.c)
      if (known) known.push(member)
      else membersOf.set(member._id.c, [member])
    }
    return conversations.flatMap((found) => {
      const known = membersOf.get(found._id) ?? []
      const own = known.find(({ _id }) => _id.u === user)
      if (!own) return []
      const mark = markOf(found._id) ?? (own.l > 0 ? own.m : Math.max(found.m, own.m))
      return [stateOf(found, own, isDirect(found) ? known : [], mark, newest.get(found._id))]
    })
  }

  async changed(after: number, limit: number) {
    const settled = await this.#changes.settled()
    const found = await this.#log.conversations
      .find({ m: { $gt: after } }, { projection: { s: 1, m: 1 } })
      .sort({ m: 1 })
      .limit(limit)
      .toArray()
    const told = marksFor(
      found.map(({ m }) => m),
      after,
      settled,
    )
    return told.map((mark, place) => ({ conversation: found[place]!._id, seq: found[place]!.s, mark }))
  }

  async latest(): Promise<number> {
    return (await this.#changes.settled()).latest
  }

  async holds({ incarnation, mark }: { readonly incarnation: string; readonly mark: number }): Promise<boolean> {
    const found = await this.#log.incarnations.findOne({ i: { $eq: incarnation } })
    if (!found) return false
    return (await this.#log.incarnations.findOne({ _id: { $gt: found._id }, m: { $lt: mark } })) === null
  }
}

function stateOf(
  { _id, kind, f, s, n, at, v }: ConversationDocument,
  me: MemberDocument,
  both: readonly MemberDocument[],
  mark: number,
  newest: Block | undefined,
): ConversationState {
  const members = sorted(both, { s })
  // for who left, the conversation stands where it stood then
  if (me.l > 0) {
    const head = { conversation: _id, kind, seq: me.l, n: me.ln!, at: me.lat!, version: v }
    return { ...head, mark, me: memberOf(me, { s }), unread: 0, members }
  }
  const last = newest && s > me.floor ? entryOf(newest, s - f) : undefined
  return {
    conversation: _id,
    kind,
    seq: s,
    n,
    at,
    version: v,
    mark,
    me: memberOf(me, { s }),
    unread: n - Math.max(Math.min(me.nr, n), me.nf),
    members,
    ...(last && { last }),
  }
}
