import type { Binding } from '../database.js'
import type { EntryPage } from '@natter/core/contract'
import { entryText } from '@natter/core/storage'
import { entryOf } from '../entry-of.js'
import type { Connection } from './connection.js'
import { smallPage } from '../log-verbs.js'
import type { EntryRow, HeadRow, MemberRow, StateRow } from '../log-verbs.js'
import type { Verbs } from './verbs.js'

const entryColumns = 'seq, n, sender, client, at, body, changed'
const memberColumns = 'user, floor, left_at, read, received'
/** Who left sees no further changes than their leaving. */
const seenMark = 'case when m.left_at > 0 then m.mark else max(c.mark, m.mark) end'
const stateColumns = `c.num, c.id, c.kind, c.head, c.n, c.at, c.version, ${seenMark} as seen,
  m.user, m.floor, m.left_at, m.read, m.received`
const joined = 'natter_member m join natter_conversation c on c.num = m.conv'

type Direction = 'asc' | 'desc'
const page = (dir: Direction) =>
  `select ${entryColumns} from natter_entry where conv = ? and seq between ? and ? order by seq ${dir} limit ?`
/** The whole page as one JSON text: the driver takes as long for each row that it hands over as SQLite does for the page. */
const pageText = (dir: Direction) =>
  `select total(octet_length(body)), json_group_array(json_array(${entryColumns})) from (${page(dir)})`
const pageBytes = (dir: Direction) => `select total(octet_length(body)) from (${page(dir)})`
/** An entry as it travels: see `entryText`. */
const wireEntry = `concat('[', seq, ',', n, ',"', sender, '",', at, ',"', client, '",', iif(body = '', '{}', body),
  iif(changed > 0, ',' || changed, ''), ']')`
/** Entries come in the order of the index that they are read by; to ask for an order would double what a page costs. */
const wirePage = `select coalesce(group_concat(${wireEntry}, ','), '') from natter_entry indexed by natter_entry_place where conv = ? and seq between ? and ?`

const sql = {
  num: 'select num from natter_conversation where id = ?',
  find: `select e.seq, e.n, e.at, e.digest from natter_conversation c
    join natter_entry e on e.conv = c.num and e.sender = ? and e.client = ? where c.id = ?`,
  head: 'select kind, head, n, at, version from natter_conversation where id = ?',
  up: page('asc'),
  down: page('desc'),
  upText: pageText('asc'),
  downText: pageText('desc'),
  wire: wirePage,
  upBytes: pageBytes('asc'),
  downBytes: pageBytes('desc'),
  entry: `select ${entryColumns} from natter_entry where conv = ? and seq = ?`,
  reach: `select c.num, c.head, m.floor from ${joined} where m.user = ? and c.id = ? and m.left_at = 0`,
  client: 'select client from natter_entry where conv = ? and seq = ?',
  membership: 'select num, kind, version from natter_conversation where id = ?',
  members: `select ${memberColumns} from natter_member where conv = ? order by user`,
  state: `select ${stateColumns} from ${joined} where m.user = ? and c.id = ?`,
  states: `select ${stateColumns} from ${joined} where m.user = ? and ${seenMark} > ? order by seen limit ?`,
  count: 'select n from natter_entry where conv = ? and seq = ?',
  countAndTime: 'select n, at from natter_entry where conv = ? and seq = ?',
  changed: 'select id, head, mark from natter_conversation where mark > ? order by mark limit ?',
  latest: "select value from natter_meta where name = 'mark'",
  incarnation: 'select num from natter_incarnation where id = ?',
  later: 'select 1 from natter_incarnation where num > ? and mark < ? limit 1',
} as const

type Joined = readonly [
  num: number,
  id: string,
  kind: string,
  seq: number,
  n: number,
  at: number,
  version: number,
  mark: number,
  ...MemberRow,
]

const wireText = (row: EntryRow): string => entryText(entryOf('', row))

/** The log's reads. */
export class LogReader {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  find([conversation, from, clientId]: Verbs['find'][0]): Verbs['find'][1] {
    return this.#connection.get(sql.find, from, clientId, conversation) as Verbs['find'][1]
  }

  head(conversation: string): HeadRow | undefined {
    return this.#connection.get(sql.head, conversation) as HeadRow | undefined
  }

  /** Rows as JSON text, in the direction that was asked for. */
  range({ conversation, from, to, limit, bytes, dir }: Verbs['range'][0]): Verbs['range'][1] {
    const num = this.#connection.get(sql.num, conversation)?.[0]
    if (num === undefined) return '[]'
    const up = dir === 'asc'
    const some = () => JSON.stringify(this.#within(bytes, up ? sql.up : sql.down, num, from, to, limit))
    if (limit > smallPage) {
      const [size] = this.#connection.get(up ? sql.upBytes : sql.downBytes, num, from, to, limit) as readonly [number]
      if (size > bytes) return some()
    }
    const page = this.#connection.get(up ? sql.upText : sql.downText, num, from, to, limit)
    const [size, text] = page as readonly [number, string]
    return size > bytes ? some() : text
  }

  /** A page as a member may read it, as the text that travels. */
  page({ user, conversation, before, after, holds, limit, bytes }: Verbs['page'][0]): EntryPage | undefined {
    return this.#connection.snapshot(() => {
      const row = this.#connection.get(sql.reach, user, conversation)
      if (row === undefined) return undefined
      const [num, head, floor] = row as readonly [number, number, number]
      const first = floor + 1
      if (holds !== undefined && after !== undefined && after >= first) {
        if (this.#connection.get(sql.client, num, after)?.[0] !== holds)
          return { entries: '', head, first, reset: true }
      }
      const up = after !== undefined
      const from = up ? Math.max(first, after + 1) : first
      const to = up || before === undefined ? head : Math.min(head, before - 1)
      return { entries: from > to ? '' : this.#wire(up, num, from, to, limit, bytes), head, first, reset: false }
    })
  }

  #wire(up: boolean, num: number, from: number, to: number, limit: number, bytes: number): string {
    const some = () => {
      const rows = this.#within(bytes, up ? sql.up : sql.down, num, from, to, limit)
      return (up ? rows : [...rows].reverse()).map(wireText).join(',')
    }
    if (limit > smallPage) {
      const [size] = this.#connection.get(up ? sql.upBytes : sql.downBytes, num, from, to, limit) as readonly [number]
      if (size > bytes) return some()
    }
    // places are dense, so both ends of a page are known
    const [first, last] = up ? [from, Math.min(to, from + limit - 1)] : [Math.max(from, to - limit + 1), to]
    const [text] = this.#connection.get(sql.wire, num, first, last) as readonly [string]
    // what all of it fits into, the bodies fit into
    return Buffer.byteLength(text) > bytes ? some() : text
  }

  /** As many entries as fit, one at least. */
  #within(bytes: number, statement: string, ...bindings: Binding[]): readonly EntryRow[] {
    const page: EntryRow[] = []
    let size = 0
    for (const row of this.#connection.iterate(statement, ...bindings)) {
      const entry = row as unknown as EntryRow
      size += Buffer.byteLength(entry[5])
      if (page.length > 0 && size > bytes) break
      page.push(entry)
    }
    return page
  }

  membership(conversation: string): Verbs['membership'][1] {
    return this.#connection.snapshot(() => {
      const row = this.#connection.get(sql.membership, conversation)
      if (row === undefined) return undefined
      const [num, kind, version] = row as readonly [number, string, number]
      return { kind, version, members: this.#members(num) }
    })
  }

  state([user, conversation]: Verbs['state'][0]): StateRow | undefined {
    return this.#connection.snapshot(() => {
      const row = this.#connection.get(sql.state, user, conversation)
      return row && this.#state(row as unknown as Joined)
    })
  }

  states({ user, after, limit }: Verbs['states'][0]): readonly StateRow[] {
    return this.#connection.snapshot(() =>
      this.#connection.all(sql.states, user, after, limit).map((row) => this.#state(row as unknown as Joined)),
    )
  }

  #state([num, conversation, kind, seq, n, at, version, mark, ...me]: Joined): StateRow {
    const [, floor, left, read] = me
    const members = kind === 'direct' ? this.#members(num) : []
    if (left > 0) {
      // for who left, the conversation stands where it stood then
      const [thenN, thenAt] = this.#connection.get(sql.countAndTime, num, left) as readonly [number, number]
      const head: HeadRow = [kind, left, thenN, thenAt, version]
      return { conversation, head, mark, me, unread: 0, members, last: undefined }
    }
    const last = seq > floor ? this.#connection.get(sql.entry, num, seq) : undefined
    return {
      conversation,
      head: [kind, seq, n, at, version],
      mark,
      me,
      unread: n - this.#count(num, Math.max(read, floor), seq, n),
      members,
      last: last as EntryRow | undefined,
    }
  }

  #members(num: number): readonly MemberRow[] {
    return this.#connection.all(sql.members, num) as unknown as MemberRow[]
  }

  #count(num: number, seq: number, head: number, n: number): number {
    if (seq === 0) return 0
    return seq === head ? n : (this.#connection.get(sql.count, num, seq)![0] as number)
  }

  changed([after, limit]: Verbs['changed'][0]): Verbs['changed'][1] {
    return this.#connection.all(sql.changed, after, limit) as unknown as Verbs['changed'][1]
  }

  latest(): number {
    return this.#connection.get(sql.latest)![0] as number
  }

  holds({ incarnation, mark }: Verbs['holds'][0]): boolean {
    return this.#connection.snapshot(() => {
      const num = this.#connection.get(sql.incarnation, incarnation)?.[0]
      return num !== undefined && this.#connection.get(sql.later, num, mark) === undefined
    })
  }
}
