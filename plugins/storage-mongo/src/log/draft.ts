import type { Append } from '@natter/core/contract'
import type { Block, Keyed, Moved } from './documents.js'
import type { BlockHead } from './heads.js'
import type { Sending } from './sending.js'

/** Entries that are to follow a head as one block. */
export interface Draft {
  readonly conversation: string
  readonly sendings: readonly Sending[]
  readonly after: BlockHead
  /** With the first entry of a conversation, or a change of members: it is the only one of its block. */
  readonly special: boolean
}

/** Where a conversation that is opened begins. */
export const nowhere = (kind: string): BlockHead => ({ seq: 0, n: 0, at: 0, version: 1, kind })

const versionBehind = (version: number, { members }: Append) =>
  version + (members?.leave?.length ?? 0) + (members?.join?.length ?? 0)

/** The block of a draft. */
export function blockOf({ conversation: c, sendings, after }: Draft, attempt: string): Block {
  let { n, at, version } = after
  const entries = sendings.map(({ key, append }) => {
    n += Number(append.counts)
    at = Math.max(at, append.at)
    version = versionBehind(version, append)
    return { key, n, at, append }
  })
  const f = after.seq + 1
  return {
    _id: { c, f },
    t: after.seq + entries.length,
    k: entries.map(({ key }) => key),
    n: entries.map((each) => each.n),
    at: entries.map((each) => each.at),
    p: entries.map(({ append }) => append.body),
    d: entries.map(({ append }) => append.digest),
    kind: after.kind,
    v: version,
    b: attempt,
  }
}

/** Where a conversation stands behind a block. */
export function headOf({ t, n, at, v, kind }: Keyed): BlockHead {
  return { seq: t, n: n.at(-1)!, at: at.at(-1)!, version: v, kind }
}

/** What a block means to those who follow: each sender has read up to their last entry. */
export function movedBy({ _id, t, k, n, at, v }: Keyed): Moved {
  const r = new Map<string, readonly [string, number, number]>()
  k.forEach((key, place) => {
    const user = key.slice(0, key.indexOf('\0'))
    if (user !== '') r.set(user, [user, _id.f + place, n[place]!])
  })
  return { c: _id.c, f: _id.f, s: t, n: n.at(-1)!, at: at.at(-1)!, v, r: [...r.values()] }
}
