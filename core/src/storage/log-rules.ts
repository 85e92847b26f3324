import type { Append, EntryPageOptions, Log } from '../contract/storage.js'
import { checkId, checkInt, checkText, invalid, isPlain } from './values.js'

type RangeOptions = Parameters<Log['range']>[1]
type Rewrite = Parameters<Log['rewrite']>[2]

/** Ids of a list, each once, in order. */
const ids = (where: string, list: unknown): readonly string[] =>
  Array.isArray(list) ? [...new Set(list.map((id) => checkId(where, id)))] : invalid(where, 'must be a list of ids')

/** An append whose values a database can keep. @throws STORAGE_INVALID */
export function checkAppend(append: Append): Append {
  if (!isPlain(append)) return invalid('append', 'must be an object')
  checkId('append.conversation', append.conversation)
  checkId('append.from', append.from)
  checkId('append.clientId', append.clientId)
  checkInt('append.at', append.at, 0)
  checkText('append.body', append.body, undefined, 1)
  checkText('append.digest', append.digest, 256)
  if (typeof append.counts !== 'boolean') invalid('append.counts', 'must be true or false')
  if (append.judgedAt !== undefined) checkInt('append.judgedAt', append.judgedAt, 0)
  const { open, members } = append
  if (open === undefined && members === undefined) return append
  return {
    ...append,
    ...(open && {
      open: { kind: checkId('append.open.kind', open.kind), members: ids('append.open.members', open.members) },
    }),
    ...(members && {
      members: {
        leave: ids('append.members.leave', members.leave ?? []),
        join: (members.join ?? []).map(({ user, floor }) => ({
          user: checkId('append.members.join.user', user),
          ...(floor === undefined ? {} : { floor: checkInt('append.members.join.floor', floor, 0) }),
        })),
      },
    }),
  }
}

/** The options of `range`, with `dir` filled in. @throws STORAGE_INVALID */
export function checkRange(options: RangeOptions): Required<RangeOptions> {
  const { dir = 'asc' } = options
  if (dir !== 'asc' && dir !== 'desc') return invalid('range.dir', 'must be "asc" or "desc"')
  return {
    from: checkInt('range.from', options.from),
    to: checkInt('range.to', options.to),
    limit: checkInt('range.limit', options.limit, 1, 500),
    bytes: checkInt('range.bytes', options.bytes, 0),
    dir,
  }
}

/** The options of `page`. @throws STORAGE_INVALID */
export function checkPage({ before, after, holds, limit, bytes }: EntryPageOptions): EntryPageOptions {
  return {
    limit: checkInt('page.limit', limit, 1, 500),
    bytes: checkInt('page.bytes', bytes, 0),
    ...(before !== undefined && { before: checkInt('page.before', before) }),
    ...(after !== undefined && { after: checkInt('page.after', after, 0) }),
    ...(holds !== undefined && { holds: checkId('page.holds', holds) }),
  }
}

/** Marks to raise; `received` follows `read`. @throws STORAGE_INVALID */
export function checkMarks(marks: { readonly read?: number; readonly received?: number }): {
  readonly read: number
  readonly received: number
} {
  const read = marks.read === undefined ? 0 : checkInt('mark.read', marks.read, 0)
  const received = marks.received === undefined ? 0 : checkInt('mark.received', marks.received, 0)
  return { read, received: Math.max(read, received) }
}

/** A change of a body. @throws STORAGE_INVALID */
export function checkRewrite(change: Rewrite): Rewrite {
  checkText('rewrite.body', change.body)
  checkInt('rewrite.by', change.by, 1)
  if (change.was !== undefined) checkText('rewrite.was', change.was)
  if (change.forget !== undefined && change.forget !== 'content' && change.forget !== 'author') {
    invalid('rewrite.forget', 'must be "content" or "author"')
  }
  return change
}

/** `after` and `limit` of the change lists. */
export function checkSince(what: string, after: number, limit: number): void {
  checkInt(`${what}.after`, after, 0)
  checkInt(`${what}.limit`, limit, 1, 1_000)
}

export { checkId, checkInt } from './values.js'
