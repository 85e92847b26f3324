import type { Append, Appended } from '@natter/core/contract'
import type { Binding } from '../database.js'
import type { LogVerbs } from '../log-verbs.js'
import type {
  Changes,
  Columns,
  ConversationRow,
  Loaded,
  LogWrite,
  LogWritten,
  MemberPlace,
  StoredBody,
  Wanted,
} from './log-rows.js'

type Open<T> = { -readonly [K in keyof T]: T[K] }
interface Entry {
  readonly seq: number
  readonly n: number
  readonly at: number
  digest: string
  /** Only of those that this batch adds. */
  readonly fresh?: { from: string | null; readonly clientId: string; body: string; changed: number }
}
interface Member extends Open<MemberPlace> {
  readonly user: string
  place: number
  changed: boolean
}
/** What a batch does to a conversation. Most do one thing to many of them, so lists are made by who adds to them. */
interface Conversation extends Open<ConversationRow> {
  readonly id: string
  /** Place of its newest change; 0 while there is none. */
  place: number
  /** All entries of this batch and all that were found, by their key. */
  readonly keys: Map<string, Entry>
  /** Those of this batch, in the order of their seqs, which are dense. */
  readonly entries: Entry[]
  /** Those who were asked for, and those who joined. */
  members?: Map<string, Member>
  raised?: Map<string, number>
  /** Those that were asked for, as they are by this batch. */
  bodies?: Map<number, StoredBody>
  rewritten?: Map<number, { body: string; by: number; digest: boolean; author: boolean }>
}
const entryAt = ({ entries }: Conversation, seq: number) => entries[seq - (entries[0]?.seq ?? 0)]
/** Some answers need a count that comes with the writes. */
type Answer = LogWritten | ((count: (conv: number, seq: number) => number) => LogWritten)

const keyOf = (from: string, clientId: string) => `${from} ${clientId}`
/** Rows as columns; no rows are no columns. */
const transpose = (rows: readonly (readonly Binding[])[]): Columns =>
  (rows[0] ?? []).map((_, i) => rows.map((row) => row[i]!))

const putMember = (conversation: Conversation, member: Member) =>
  (conversation.members ??= new Map()).set(member.user, member)
const putBody = (conversation: Conversation, seq: number, body: StoredBody) =>
  (conversation.bodies ??= new Map()).set(seq, body)

/** What must be read for these writes. */
export function wantedBy(writes: readonly LogWrite[]): Wanted {
  const conversations = new Set<string>()
  const keys: Open<Wanted['keys']>[number][] = []
  const members = new Map<string, Wanted['members'][number]>()
  const entries = new Map<string, Wanted['entries'][number]>()
  const member = (conversation: string, user: string) => members.set(`${conversation} ${user}`, { conversation, user })
  for (const [verb, each] of writes) {
    const { conversation } = each
    conversations.add(conversation)
    if (verb === 'append') {
      keys.push({ conversation, from: each.from, clientId: each.clientId })
      for (const { user } of each.members?.join ?? []) member(conversation, user)
      for (const user of each.members?.leave ?? []) member(conversation, user)
    } else if (verb === 'mark') member(conversation, each.user)
    else entries.set(`${conversation} ${each.seq}`, { conversation, seq: each.seq })
  }
  // ids are ASCII, so this is the order of their bytes too
  const sorted = [...conversations].sort((a, b) => (a < b ? -1 : 1))
  return { conversations: sorted, keys, members: [...members.values()], entries: [...entries.values()] }
}

/** The opening of a conversation: its first append that may open it, if there is one. */
export function openingOf(writes: readonly LogWrite[], conversation: string): Append['open'] {
  for (const [verb, each] of writes) {
    if (verb !== 'append' || each.conversation !== conversation) continue
    if (each.open !== undefined && (each.judgedAt ?? 0) === 0) return each.open
  }
  return undefined
}

/**
 * Decides a batch of writes in memory, in their order, from what was read under the locks. It knows no database: what it
 * says is written in one transaction, or nothing of it happened.
 */
export class LogBatch {
  readonly #conversations = new Map<string, Conversation>()
  readonly #writes: readonly LogWrite[]
  readonly #answers: Answer[]
  readonly #counts = new Map<string, readonly [conv: number, seq: number]>()
  #marks = 0
  #repeats = false

  constructor(writes: readonly LogWrite[], wanted: Wanted, loaded: Loaded) {
    this.#writes = writes
    for (const [id, row] of loaded.conversations) {
      const { num, kind, seq, n, at, version } = row
      this.#conversations.set(id, { id, num, kind, seq, n, at, version, place: 0, keys: new Map(), entries: [] })
    }
    for (const [i, key] of loaded.keys) {
      const { conversation, from, clientId } = wanted.keys[i]!
      const entry: Entry = { ...key }
      this.#conversations.get(conversation)!.keys.set(keyOf(from, clientId), entry)
    }
    for (const [i, place] of loaded.members) {
      const { conversation, user } = wanted.members[i]!
      putMember(this.#conversations.get(conversation)!, { user, ...place, place: 0, changed: false })
    }
    for (const [i, stored] of loaded.entries) {
      const { conversation, seq } = wanted.entries[i]!
      putBody(this.#conversations.get(conversation)!, seq, stored)
    }
    const asked = new Map<string, Set<string>>()
    for (const { conversation, user } of wanted.members) {
      const users = asked.get(conversation)
      if (users) users.add(user)
      else asked.set(conversation, new Set([user]))
    }
    this.#answers = writes.map(([verb, each]) => {
      if (verb === 'append') return this.#append(each, asked.get(each.conversation))
      return verb === 'mark' ? this.#mark(each) : this.#rewrite(each)
    })
  }

  /** The answers, once the counts that were asked for are there. */
  answers(counts: ReadonlyMap<string, number>): readonly LogWritten[] {
    const count = (conv: number, seq: number) => counts.get(`${conv} ${seq}`)!
    return this.#answers.map((answer) => (typeof answer === 'function' ? answer(count) : answer))
  }

  /** Whether this batch is stored: by an entry that is where only it can have put it. */
  isIn({ keys }: Loaded): boolean {
    let key = -1
    return this.#answers.some((answer, i) => {
      if (this.#writes[i]![0] !== 'append') return false
      key++
      const { status, seq } = answer as { readonly status: string; readonly seq?: number }
      return status === 'appended' && keys.get(key)?.seq === seq
    })
  }

  /** The answers of this batch done again. Marks that had moved may have moved the first time. */
  movedOr(again: readonly LogWritten[]): readonly LogWritten[] {
    return again.map((answer, i) => {
      if (typeof answer !== 'object' || !('moved' in answer)) return answer
      const first = this.#answers[i]
      const before = typeof first === 'function' ? first(() => 0) : first
      return typeof before === 'object' && 'moved' in before
        ? { ...answer, moved: answer.moved || before.moved }
        : answer
    })
  }

  #append(append: Append, asked: ReadonlySet<string> | undefined): Appended {
    const known = this.#conversations.get(append.conversation)
    if (known === undefined || known.seq === 0) {
      if (append.open === undefined) return { status: 'absent' }
      if ((append.judgedAt ?? 0) !== 0) return { status: 'stale' }
      for (const user of append.open.members) this.#join(known!, user, 0, 1)
    }
    const conversation = known!
    const { from, clientId, body, digest, members } = append
    const stored = conversation.keys.get(keyOf(from, clientId))
    if (stored) {
      this.#repeats = true
      if (stored.digest !== '' && stored.digest !== digest) return { status: 'conflict' }
      return { status: 'duplicate', seq: stored.seq, n: stored.n, at: stored.at }
    }
    if (conversation.seq > 0 && append.judgedAt !== undefined && append.judgedAt !== conversation.version) {
      return { status: 'stale' }
    }
    const created = conversation.seq === 0 || conversation.entries[0]?.seq === 1
    const seq = ++conversation.seq
    const n = (conversation.n += append.counts ? 1 : 0)
    const at = (conversation.at = Math.max(conversation.at, append.at))
    const entry: Entry = { seq, n, at, digest, fresh: { from, clientId, body, changed: 0 } }
    conversation.entries.push(entry)
    conversation.keys.set(keyOf(from, clientId), entry)
    const place = this.#touch(conversation)
    if (members) this.#change(conversation, seq, place, members)
    const sender = conversation.members?.get(from)
    if (sender) Object.assign(sender, { read: seq, received: seq, changed: true })
    else if (!created && !asked?.has(from)) (conversation.raised ??= new Map()).set(from, seq)
    return { status: 'appended', seq, n, at }
  }

  #join(conversation: Conversation, user: string, floor: number, place: number): void {
    const there = conversation.members?.get(user)
    if (there && there.left === 0) return
    const marks = there ?? { read: 0, received: 0, mark: 0 }
    putMember(conversation, { ...marks, user, floor, left: 0, place, changed: true })
  }

  #change(
    conversation: Conversation,
    seq: number,
    place: number,
    { leave = [], join = [] }: NonNullable<Append['members']>,
  ): void {
    for (const user of leave) {
      const there = conversation.members?.get(user)
      if (there && there.left === 0) Object.assign(there, { left: seq, place, changed: true })
    }
    for (const { user, floor } of join) this.#join(conversation, user, Math.min(floor ?? seq - 1, seq), place)
    conversation.version += leave.length + join.length
  }

  #mark({ conversation: id, user, ...wanted }: LogVerbs['mark'][0]): Answer {
    const conversation = this.#conversations.get(id)
    const member = conversation?.members?.get(user)
    if (!conversation || !member || member.left > 0) return undefined
    const read = Math.max(member.read, Math.min(wanted.read, conversation.seq))
    const received = Math.max(member.received, Math.min(wanted.received, conversation.seq))
    const moved = read > member.read || received > member.received
    if (moved) {
      // both people of a direct conversation see each other's marks, so for both it has changed
      const place = conversation.kind === 'direct' ? this.#touch(conversation) : ++this.#marks
      Object.assign(member, { read, received, place, changed: true })
    }
    const { n } = conversation
    const row = [user, member.floor, 0, read, received] as const
    const seen = this.#count(conversation, Math.max(read, member.floor))
    if (typeof seen === 'number') return { moved, member: row, n, unread: n - seen }
    return (count) => ({ moved, member: row, n, unread: n - count(...seen) })
  }

  /** How many messages there are up to an entry, or where to look for it. */
  #count(conversation: Conversation, seq: number): number | readonly [conv: number, seq: number] {
    if (seq === 0) return 0
    if (seq === conversation.seq) return conversation.n
    const entry = entryAt(conversation, seq)
    if (entry) return entry.n
    const place = [conversation.num, seq] as const
    this.#counts.set(place.join(' '), place)
    return place
  }

  #rewrite({ conversation: id, seq, body, by, was, forget }: LogVerbs['rewrite'][0]): boolean {
    const conversation = this.#conversations.get(id)
    const fresh = conversation && entryAt(conversation, seq)?.fresh
    const now = fresh ? { by: fresh.changed, body: fresh.body } : conversation?.bodies?.get(seq)
    if (!conversation || !now || by < now.by || (was !== undefined && was !== now.body)) return false
    if (forget) this.#forget(conversation, seq, forget === 'author')
    if (fresh) Object.assign(fresh, { body, changed: by, ...(forget === 'author' && { from: null }) })
    else {
      const rewritten = (conversation.rewritten ??= new Map())
      const before = rewritten.get(seq)
      putBody(conversation, seq, { by, body })
      rewritten.set(seq, {
        body,
        by,
        digest: forget !== undefined || before?.digest === true,
        author: forget === 'author' || before?.author === true,
      })
    }
    this.#touch(conversation)
    return true
  }

  /** What was forgotten answers no retry by its digest, and without its author by no key. */
  #forget(conversation: Conversation, seq: number, author: boolean): void {
    for (const [key, entry] of conversation.keys) {
      if (entry.seq !== seq) continue
      entry.digest = ''
      if (author) conversation.keys.delete(key)
    }
  }

  #touch(conversation: Conversation): number {
    return (conversation.place = ++this.#marks)
  }

  /** What is to be written, in the order of conversations. */
  changes(): Changes {
    const rewrites: Binding[][] = []
    const entries: Binding[][] = []
    const raised: Binding[][] = []
    const conversations: Binding[][] = []
    const members: Binding[][] = []
    for (const each of this.#conversations.values()) {
      const { num } = each
      for (const [seq, { body, by, digest, author }] of each.rewritten ?? []) {
        rewrites.push([num, seq, body, by, Number(digest), Number(author)])
      }
      for (const { seq, n, at, digest, fresh } of each.entries) {
        const { from, clientId, body, changed } = fresh!
        entries.push([num, seq, n, from, clientId, at, body, digest, changed])
      }
      for (const [user, seq] of each.raised ?? []) raised.push([num, user, seq])
      if (each.place > 0) conversations.push([num, each.seq, each.n, each.at, each.version, each.place])
      for (const { user, floor, left, read, received, mark, place, changed } of each.members?.values() ?? []) {
        if (changed) members.push([num, user, floor, left, read, received, mark, place])
      }
    }
    return {
      rewrites: transpose(rewrites),
      entries: transpose(entries),
      counts: transpose([...this.#counts.values()]),
      raised: transpose(raised),
      marks: this.#marks,
      repeats: this.#repeats,
      conversations: transpose(conversations),
      members: transpose(members),
    }
  }
}
