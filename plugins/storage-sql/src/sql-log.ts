import { randomBytes } from 'node:crypto'
import type { Append, Appended, ConversationState, Head, Log, LogEntry, Member } from '@natter/core/contract'
import {
  checkAppend,
  checkId,
  checkInt,
  checkMarks,
  checkPage,
  checkRange,
  checkRewrite,
  checkSince,
} from '@natter/core/storage'
import { entryOf } from './entry-of.js'
import type { AskLog, AskPage, EntryRow, HeadRow, MemberRow, StateRow } from './log-verbs.js'

const memberOf = ([user, floor, left, read, received]: MemberRow): Member => ({
  user,
  floor,
  left: left > 0,
  read,
  received,
})
const headOf = (conversation: string, [kind, seq, n, at, version]: HeadRow): Head => ({
  conversation,
  kind,
  seq,
  n,
  at,
  version,
})
const stateOf = ({ conversation, head, mark, me, unread, members, last }: StateRow): ConversationState => ({
  ...headOf(conversation, head),
  mark,
  me: memberOf(me),
  unread,
  members: members.map(memberOf),
  ...(last && { last: entryOf(conversation, last) }),
})

/** Removes the membership of who has left. It needs no lane: nothing else is written to such a row. */
export type Forget = (conversation: string, user: string) => Promise<unknown>

/** The log over the verbs of a dialect: checks what goes in, and names what comes out. */
export class SqlLog implements Log {
  readonly #ask: AskLog
  readonly #forget: Forget
  readonly page?: NonNullable<Log['page']>

  constructor(ask: AskLog, forget: Forget, askPage?: AskPage) {
    this.#ask = ask
    this.#forget = forget
    if (!askPage) return
    this.page = async (user, conversation, options) =>
      askPage({
        user: checkId('page.user', user),
        conversation: checkId('page.conversation', conversation),
        ...checkPage(options),
      })
  }

  async append(append: Append): Promise<Appended> {
    return await this.#ask('append', checkAppend(append))
  }

  async find(conversation: string, from: string, clientId: string) {
    const key = [
      checkId('find.conversation', conversation),
      checkId('find.from', from),
      checkId('find.clientId', clientId),
    ] as const
    const row = await this.#ask('find', key)
    return row && { seq: row[0], n: row[1], at: row[2], digest: row[3] }
  }

  async head(conversation: string): Promise<Head | undefined> {
    const row = await this.#ask('head', checkId('head.conversation', conversation))
    return row && headOf(conversation, row)
  }

  async range(conversation: string, options: Parameters<Log['range']>[1]): Promise<readonly LogEntry[]> {
    const range = { conversation: checkId('range.conversation', conversation), ...checkRange(options) }
    const page = await this.#ask('range', range)
    const rows = typeof page === 'string' ? (JSON.parse(page) as readonly EntryRow[]) : page
    const entries = rows.map((row) => entryOf(conversation, row))
    return range.dir === 'asc' ? entries : entries.reverse()
  }

  async membership(conversation: string) {
    const found = await this.#ask('membership', checkId('membership.conversation', conversation))
    return found && { ...found, members: found.members.map(memberOf) }
  }

  async state(user: string, conversation: string): Promise<ConversationState | undefined> {
    const row = await this.#ask('state', [checkId('state.user', user), checkId('state.conversation', conversation)])
    return row && stateOf(row)
  }

  async states(user: string, { after, limit }: { readonly after: number; readonly limit: number }) {
    checkSince('states', after, limit)
    return (await this.#ask('states', { user: checkId('states.user', user), after, limit })).map(stateOf)
  }

  async mark(conversation: string, user: string, marks: { readonly read?: number; readonly received?: number }) {
    const place = { conversation: checkId('mark.conversation', conversation), user: checkId('mark.user', user) }
    const marked = await this.#ask('mark', { ...place, ...checkMarks(marks) })
    return marked && { ...marked, member: memberOf(marked.member) }
  }

  async rewrite(conversation: string, seq: number, change: Parameters<Log['rewrite']>[2]): Promise<boolean> {
    const place = { conversation: checkId('rewrite.conversation', conversation), seq: checkInt('rewrite.seq', seq, 1) }
    return this.#ask('rewrite', { ...place, ...checkRewrite(change) })
  }

  async forget(conversation: string, user: string): Promise<void> {
    await this.#forget(checkId('forget.conversation', conversation), checkId('forget.user', user))
  }

  async changed(after: number, limit: number) {
    checkSince('changed', after, limit)
    const rows = await this.#ask('changed', [after, limit])
    return rows.map(([conversation, seq, mark]) => ({ conversation, seq, mark }))
  }

  async latest(): Promise<number> {
    return this.#ask('latest', undefined)
  }

  async begin() {
    const incarnation = randomBytes(16).toString('base64url')
    return { incarnation, mark: await this.#ask('begin', incarnation) }
  }

  async holds({ incarnation, mark }: { readonly incarnation: string; readonly mark: number }): Promise<boolean> {
    return this.#ask('holds', { incarnation, mark })
  }
}
