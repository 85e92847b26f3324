import type { Append, Appended } from '@natter/core/contract'
import type { Connection } from './connection.js'
import type { MemberRow } from '../log-verbs.js'
import type { Verbs } from './verbs.js'

interface Conversation {
  readonly num: number
  readonly kind: string
  seq: number
  n: number
  at: number
  version: number
  mark: number
  changed: boolean
  /** Senders in this transaction, whose own marks go up to their newest entry. */
  readonly raised: Map<string, number>
}

const sql = {
  mark: "select value from natter_meta where name = 'mark'",
  setMark: "update natter_meta set value = ? where name = 'mark'",
  conversation: 'select num, kind, head, n, at, version, mark from natter_conversation where id = ?',
  create:
    'insert into natter_conversation (id, kind, head, n, at, version, mark) values (?, ?, 0, 0, 0, 1, 0) returning num',
  update: 'update natter_conversation set head = ?, n = ?, at = ?, version = ?, mark = ? where num = ?',
  entry: `insert into natter_entry (conv, seq, n, sender, client, at, body, digest) values (?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (conv, sender, client) do nothing`,
  find: 'select seq, n, at, digest from natter_entry where conv = ? and sender = ? and client = ?',
  join: `insert into natter_member (conv, user, floor, left_at, read, received, mark) values (?, ?, ?, 0, 0, 0, ?)
    on conflict (conv, user) do update set floor = excluded.floor, left_at = 0, mark = excluded.mark where left_at > 0`,
  leave: 'update natter_member set left_at = ?, mark = ? where conv = ? and user = ? and left_at = 0',
  raise: 'update natter_member set read = ?, received = ? where conv = ? and user = ?',
  member: 'select floor, read, received from natter_member where conv = ? and user = ? and left_at = 0',
  setMember: 'update natter_member set read = ?, received = ?, mark = ? where conv = ? and user = ?',
  count: 'select n from natter_entry where conv = ? and seq = ?',
  rewrite: `update natter_entry set body = ?, changed = ?, digest = case when ? then '' else digest end,
    sender = case when ? then null else sender end
    where conv = ? and seq = ? and changed <= ? and body = coalesce(?, body)`,
  begin: 'insert into natter_incarnation (id, mark) values (?, ?)',
} as const

/**
 * The log's writes within one transaction that holds the write lock. Heads are read in it, so they are true, and are
 * kept until `flush` only; the database's unique indexes guard what is stored all the same.
 */
export class LogWriter {
  readonly #connection: Connection
  readonly #conversations = new Map<string, Conversation>()
  #mark: number | undefined
  #moved = false

  constructor(connection: Connection) {
    this.#connection = connection
  }

  append(append: Append): Appended {
    const known = this.#conversation(append.conversation)
    if (known === undefined) {
      if (append.open === undefined) return { status: 'absent' }
      if ((append.judgedAt ?? 0) !== 0) return { status: 'stale' }
      return this.#add(this.#create(append.conversation, append.open), append)
    }
    if (append.judgedAt !== undefined && append.judgedAt !== known.version) {
      return this.#stored(known, append) ?? { status: 'stale' }
    }
    return this.#add(known, append)
  }

  #add(conversation: Conversation, append: Append): Appended {
    const { from, clientId, body, digest, members } = append
    const seq = conversation.seq + 1
    const n = conversation.n + (append.counts ? 1 : 0)
    const at = Math.max(conversation.at, append.at)
    const { num } = conversation
    if (this.#connection.run(sql.entry, num, seq, n, from, clientId, at, body, digest) === 0) {
      return this.#stored(conversation, append)!
    }
    conversation.seq = seq
    conversation.n = n
    conversation.at = at
    this.#touch(conversation)
    if (members) this.#change(conversation, seq, members)
    conversation.raised.set(from, seq)
    return { status: 'appended', seq, n, at }
  }

  /** The answer to a retry, if the key was used. */
  #stored(conversation: Conversation, { from, clientId, digest }: Append): Appended | undefined {
    const row = this.#connection.get(sql.find, conversation.num, from, clientId)
    if (row === undefined) return undefined
    const [seq, n, at, stored] = row as readonly [number, number, number, string]
    if (stored !== '' && stored !== digest) return { status: 'conflict' }
    return { status: 'duplicate', seq, n, at }
  }

  #create(id: string, open: NonNullable<Append['open']>): Conversation {
    const [num] = this.#connection.get(sql.create, id, open.kind) as readonly [number]
    const { kind } = open
    const made = { num, kind, seq: 0, n: 0, at: 0, version: 1, mark: 0, changed: true, raised: new Map() }
    this.#conversations.set(id, made)
    for (const user of open.members) this.#connection.run(sql.join, num, user, 0, this.#now())
    return made
  }

  #change(conversation: Conversation, seq: number, { leave = [], join = [] }: NonNullable<Append['members']>): void {
    // whose entries came before they joined has read nothing by them
    this.#raise(conversation)
    const { num, mark } = conversation
    for (const user of leave) this.#connection.run(sql.leave, seq, mark, num, user)
    for (const { user, floor } of join) this.#connection.run(sql.join, num, user, Math.min(floor ?? seq - 1, seq), mark)
    conversation.version += leave.length + join.length
  }

  mark({ conversation: id, user, ...wanted }: Verbs['mark'][0]): Verbs['mark'][1] {
    const conversation = this.#conversation(id)
    if (conversation === undefined) return undefined
    this.#raise(conversation)
    const row = this.#connection.get(sql.member, conversation.num, user)
    if (row === undefined) return undefined
    const [floor, wasRead, wasReceived] = row as readonly [number, number, number]
    const read = Math.max(wasRead, Math.min(wanted.read, conversation.seq))
    const received = Math.max(wasReceived, Math.min(wanted.received, conversation.seq))
    const moved = read > wasRead || received > wasReceived
    if (moved) {
      // both people of a direct conversation see each other's marks, so for both it has changed
      const mark = conversation.kind === 'direct' ? this.#touch(conversation) : this.#next()
      this.#connection.run(sql.setMember, read, received, mark, conversation.num, user)
    }
    const member: MemberRow = [user, floor, 0, read, received]
    return {
      moved,
      member,
      n: conversation.n,
      unread: conversation.n - this.#count(conversation, Math.max(read, floor)),
    }
  }

  #count({ num, seq: head, n }: Conversation, seq: number): number {
    if (seq === 0) return 0
    return seq === head ? n : (this.#connection.get(sql.count, num, seq)![0] as number)
  }

  rewrite({ conversation: id, seq, body, by, was, forget }: Verbs['rewrite'][0]): boolean {
    const conversation = this.#conversation(id)
    if (conversation === undefined) return false
    const digest = forget === undefined ? 0 : 1
    const author = forget === 'author' ? 1 : 0
    const { num } = conversation
    if (this.#connection.run(sql.rewrite, body, by, digest, author, num, seq, by, was ?? null) === 0) return false
    this.#touch(conversation)
    return true
  }

  begin(incarnation: string): number {
    const mark = this.#now()
    this.#connection.run(sql.begin, incarnation, mark)
    return mark
  }

  /** Writes what was kept. Nothing may follow but the commit, or a fresh start. */
  flush(): void {
    for (const conversation of this.#conversations.values()) {
      if (!conversation.changed) continue
      this.#raise(conversation)
      const { seq, n, at, version, mark, num } = conversation
      this.#connection.run(sql.update, seq, n, at, version, mark, num)
    }
    if (this.#moved) this.#connection.run(sql.setMark, this.#mark!)
    this.#conversations.clear()
    this.#mark = undefined
    this.#moved = false
  }

  #raise({ num, raised }: Conversation): void {
    for (const [user, seq] of raised) this.#connection.run(sql.raise, seq, seq, num, user)
    raised.clear()
  }

  #conversation(id: string): Conversation | undefined {
    const known = this.#conversations.get(id)
    if (known) return known
    const row = this.#connection.get(sql.conversation, id)
    if (row === undefined) return undefined
    const [num, kind, seq, n, at, version, mark] = row as readonly [
      number,
      string,
      number,
      number,
      number,
      number,
      number,
    ]
    const read: Conversation = { num, kind, seq, n, at, version, mark, changed: false, raised: new Map() }
    this.#conversations.set(id, read)
    return read
  }

  /** Gives the conversation the next change mark: marks are handed out under the write lock, so in commit order. */
  #touch(conversation: Conversation): number {
    conversation.changed = true
    return (conversation.mark = this.#next())
  }

  #next(): number {
    this.#moved = true
    return (this.#mark = this.#now() + 1)
  }

  #now(): number {
    return (this.#mark ??= this.#connection.get(sql.mark)![0] as number)
  }
}
