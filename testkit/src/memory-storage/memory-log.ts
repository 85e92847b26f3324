import { randomBytes } from 'node:crypto'
import type { Append, Appended, ConversationState, Head, Log, LogEntry, Member } from '@natter/core/contract'
import {
  checkAppend,
  checkId,
  checkInt,
  checkMarks,
  checkRange,
  checkRewrite,
  checkSince,
  compareCells,
} from '@natter/core/storage'

interface Entry {
  seq: number
  n: number
  from: string
  clientId: string
  at: number
  body: string
  digest: string
  changedBy: number
}
export interface Place {
  user: string
  floor: number
  /** Seq of the entry they left with; 0 while they are in. */
  left: number
  read: number
  received: number
  mark: number
}
export interface Conversation {
  readonly id: string
  readonly kind: string
  version: number
  mark: number
  readonly entries: Entry[]
  /** Seq by sender and client id. */
  readonly keys: Map<string, number>
  readonly members: Map<string, Place>
}

/** What is in a log. */
export interface LogState {
  readonly conversations: Map<string, Conversation>
  readonly byUser: Map<string, Set<Conversation>>
  readonly incarnations: { readonly incarnation: string; readonly mark: number }[]
  mark: number
}

export const keyOf = (from: string, clientId: string) => `${from}\0${clientId}`
const member = ({ user, floor, left, read, received }: Place): Member => ({
  user,
  floor,
  left: left > 0,
  read,
  received,
})
const entryOf = ({ digest: _, changedBy, ...entry }: Entry, conversation: string): LogEntry => ({
  conversation,
  ...entry,
  ...(changedBy > 0 ? { changedBy } : {}),
})
const sorted = (members: Iterable<Place>) => [...members].sort((a, b) => compareCells(a.user, b.user)).map(member)

/** The log in memory. Each verb runs to its end in one turn, so that it is atomic. */
export class MemoryLog implements Log {
  readonly #log: LogState
  readonly #open: () => void

  /** `open` throws when the store is closed. */
  constructor(log: LogState, open: () => void) {
    this.#log = log
    this.#open = open
  }

  async append(given: Append): Promise<Appended> {
    this.#open()
    const append = checkAppend(given)
    const known = this.#log.conversations.get(append.conversation)
    const key = keyOf(append.from, append.clientId)
    const seqOfKey = known?.keys.get(key)
    if (known && seqOfKey !== undefined) {
      const { seq, n, at, digest } = known.entries[seqOfKey - 1]!
      if (digest !== '' && digest !== append.digest) return { status: 'conflict' }
      return { status: 'duplicate', seq, n, at }
    }
    if (!known && !append.open) return { status: 'absent' }
    if (append.judgedAt !== undefined && append.judgedAt !== (known?.version ?? 0)) return { status: 'stale' }
    return this.#add(known ?? this.#create(append), append, key)
  }

  #create(append: Append): Conversation {
    const { kind, members } = append.open!
    const conversation: Conversation = {
      id: append.conversation,
      kind,
      version: 1,
      mark: 0,
      entries: [],
      keys: new Map(),
      members: new Map(),
    }
    this.#log.conversations.set(conversation.id, conversation)
    for (const user of members) this.#join(conversation, user, 0)
    return conversation
  }

  #join(conversation: Conversation, user: string, floor: number): void {
    const place = conversation.members.get(user)
    if (place && place.left === 0) return
    conversation.members.set(user, { user, read: 0, received: 0, ...place, floor, left: 0, mark: this.#log.mark })
    const theirs = this.#log.byUser.get(user)
    if (theirs) theirs.add(conversation)
    else this.#log.byUser.set(user, new Set([conversation]))
  }

  #add(conversation: Conversation, append: Append, key: string): Appended {
    const { entries } = conversation
    const before = entries.at(-1)
    const seq = entries.length + 1
    const n = (before?.n ?? 0) + Number(append.counts)
    const at = Math.max(before?.at ?? 0, append.at)
    const { from, clientId, body, digest, members } = append
    entries.push({ seq, n, from, clientId, at, body, digest, changedBy: 0 })
    conversation.keys.set(key, seq)
    conversation.mark = ++this.#log.mark
    if (members) this.#change(conversation, seq, members)
    const sender = conversation.members.get(from)
    if (sender) sender.read = sender.received = seq
    return { status: 'appended', seq, n, at }
  }

  #change(conversation: Conversation, seq: number, { leave = [], join = [] }: NonNullable<Append['members']>): void {
    for (const user of leave) {
      const place = conversation.members.get(user)
      if (place && place.left === 0) Object.assign(place, { left: seq, mark: this.#log.mark })
    }
    for (const { user, floor } of join) this.#join(conversation, user, Math.min(floor ?? seq - 1, seq))
    conversation.version += leave.length + join.length
  }

  async find(conversation: string, from: string, clientId: string) {
    this.#open()
    const key = keyOf(checkId('find.from', from), checkId('find.clientId', clientId))
    const found = this.#log.conversations.get(checkId('find.conversation', conversation))
    const seq = found?.keys.get(key)
    if (!found || seq === undefined) return undefined
    const { n, at, digest } = found.entries[seq - 1]!
    return { seq, n, at, digest }
  }

  async head(conversation: string): Promise<Head | undefined> {
    this.#open()
    const found = this.#log.conversations.get(checkId('head.conversation', conversation))
    return found && this.#head(found)
  }

  #head({ id, kind, version, entries }: Conversation, upTo = entries.length): Head {
    const { seq, n, at } = entries[upTo - 1]!
    return { conversation: id, kind, seq, n, at, version }
  }

  async range(conversation: string, options: Parameters<Log['range']>[1]): Promise<readonly LogEntry[]> {
    this.#open()
    const { from, to, limit, bytes, dir } = checkRange(options)
    const found = this.#log.conversations.get(checkId('range.conversation', conversation))
    if (!found) return []
    const wanted = found.entries.slice(Math.max(from - 1, 0), Math.max(to, 0))
    if (dir === 'desc') wanted.reverse()
    const page: LogEntry[] = []
    let size = 0
    for (const entry of wanted.slice(0, limit)) {
      size += Buffer.byteLength(entry.body)
      if (page.length > 0 && size > bytes) break
      page.push(entryOf(entry, conversation))
    }
    return dir === 'desc' ? page.reverse() : page
  }

  async membership(conversation: string) {
    this.#open()
    const found = this.#log.conversations.get(checkId('membership.conversation', conversation))
    return found && { kind: found.kind, version: found.version, members: sorted(found.members.values()) }
  }

  async state(user: string, conversation: string): Promise<ConversationState | undefined> {
    this.#open()
    checkId('state.user', user)
    const found = this.#log.conversations.get(checkId('state.conversation', conversation))
    const place = found?.members.get(user)
    return found && place && this.#state(found, place)
  }

  async states(user: string, options: { readonly after: number; readonly limit: number }) {
    this.#open()
    checkSince('states', options.after, options.limit)
    return [...(this.#log.byUser.get(checkId('states.user', user)) ?? [])]
      .map((conversation) => this.#state(conversation, conversation.members.get(user)!))
      .filter(({ mark }) => mark > options.after)
      .sort((a, b) => a.mark - b.mark)
      .slice(0, options.limit)
  }

  /** Who left sees the conversation as it was when they did. */
  #state(conversation: Conversation, place: Place): ConversationState {
    const { left, floor, read } = place
    const head = this.#head(conversation, left > 0 ? left : undefined)
    const last = left === 0 && head.seq > floor ? conversation.entries[head.seq - 1]! : undefined
    return {
      ...head,
      mark: left > 0 ? place.mark : Math.max(conversation.mark, place.mark),
      me: member(place),
      unread: left > 0 ? 0 : head.n - this.#count(conversation, Math.max(read, floor)),
      members: conversation.kind === 'direct' ? sorted(conversation.members.values()) : [],
      ...(last && { last: entryOf(last, conversation.id) }),
    }
  }

  #count({ entries }: Conversation, seq: number): number {
    return seq === 0 ? 0 : entries[seq - 1]!.n
  }

  async mark(conversation: string, user: string, marks: { readonly read?: number; readonly received?: number }) {
    this.#open()
    const wanted = checkMarks(marks)
    checkId('mark.user', user)
    const found = this.#log.conversations.get(checkId('mark.conversation', conversation))
    const place = found?.members.get(user)
    if (!found || !place || place.left > 0) return undefined
    const head = found.entries.length
    const read = Math.max(place.read, Math.min(wanted.read, head))
    const received = Math.max(place.received, Math.min(wanted.received, head))
    const moved = read > place.read || received > place.received
    if (moved) {
      Object.assign(place, { read, received, mark: ++this.#log.mark })
      if (found.kind === 'direct') found.mark = this.#log.mark
    }
    const n = this.#count(found, head)
    return { moved, member: member(place), n, unread: n - this.#count(found, Math.max(read, place.floor)) }
  }

  async rewrite(conversation: string, seq: number, given: Parameters<Log['rewrite']>[2]): Promise<boolean> {
    this.#open()
    const change = checkRewrite(given)
    checkInt('rewrite.seq', seq, 1)
    const found = this.#log.conversations.get(checkId('rewrite.conversation', conversation))
    const entry = found?.entries[seq - 1]
    if (!found || !entry || change.by < entry.changedBy) return false
    if (change.was !== undefined && change.was !== entry.body) return false
    entry.body = change.body
    entry.changedBy = change.by
    if (change.forget) entry.digest = ''
    if (change.forget === 'author') {
      found.keys.delete(keyOf(entry.from, entry.clientId))
      entry.from = ''
    }
    found.mark = ++this.#log.mark
    return true
  }

  async forget(conversation: string, user: string): Promise<void> {
    this.#open()
    checkId('forget.user', user)
    const found = this.#log.conversations.get(checkId('forget.conversation', conversation))
    if ((found?.members.get(user)?.left ?? 0) === 0) return
    found!.members.delete(user)
    this.#log.byUser.get(user)?.delete(found!)
  }

  async changed(after: number, limit: number) {
    this.#open()
    checkSince('changed', after, limit)
    return [...this.#log.conversations.values()]
      .filter(({ mark }) => mark > after)
      .sort((a, b) => a.mark - b.mark)
      .slice(0, limit)
      .map(({ id, mark, entries }) => ({ conversation: id, seq: entries.length, mark }))
  }

  async latest(): Promise<number> {
    this.#open()
    return this.#log.mark
  }

  async begin() {
    this.#open()
    const begun = { incarnation: randomBytes(16).toString('base64url'), mark: this.#log.mark }
    this.#log.incarnations.push(begun)
    return begun
  }

  async holds(cursor: { readonly incarnation: string; readonly mark: number }): Promise<boolean> {
    this.#open()
    const place = this.#log.incarnations.findIndex(({ incarnation }) => incarnation === cursor.incarnation)
    return place !== -1 && !this.#log.incarnations.slice(place + 1).some(({ mark }) => mark < cursor.mark)
  }
}
