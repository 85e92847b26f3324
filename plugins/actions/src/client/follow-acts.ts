import type { ClientApi, Readable } from '@natter/client'
import type { OutputOf } from '@natter/core/contract'
import type * as contract from '../contract.js'
import { acted } from './acted.js'
import type { ActedMessage, MessageLike } from './acted.js'

type Entries = OutputOf<(typeof contract.entries)['output']>
type Removals = OutputOf<(typeof contract.removals)['output']>

/** What `chat.actions` has beside its calls. */
export interface OwnActs {
  /**
   * What to show of the `messages` of a conversation: without the acts, and without what I deleted for myself where `removed`
   * is given, each with what was done to it.
   */
  acted<M extends MessageLike>(messages: readonly M[], removed?: ReadonlySet<number>): readonly ActedMessage<M>[]
  /** What I have deleted for myself alone in a conversation, on any device. Asked for twice it is the same value. */
  removedIn(conversation: string): Readable<ReadonlySet<number>>
}

/** The server answers so many at once. */
const atOnce = 50
const none: ReadonlySet<number> = new Set()

/**
 * Takes what messages say now: what an edited one says is in no event, and what a deleted one said is to leave this device.
 * Follows what I delete for myself.
 */
export function followActs(api: ClientApi): OwnActs {
  const stale = new Map<string, Set<number>>()
  const removed = new Map<string, ReturnType<typeof api.cell<ReadonlySet<number>>>>()
  let asking = false

  function changed(conversation: string, seq: number): void {
    const seqs = stale.get(conversation) ?? new Set()
    stale.set(conversation, seqs.add(seq))
    if (!asking) void refresh()
  }

  async function refresh(): Promise<void> {
    asking = true
    // What is said in one breath is asked for in one.
    await Promise.resolve()
    for (const [conversation, all] of stale) {
      const seqs = [...all].slice(0, atOnce)
      for (const seq of seqs) all.delete(seq)
      if (all.size === 0) stale.delete(conversation)
      try {
        const { entries } = (await api.ask('actions.entries', { conversation, seqs })) as Entries
        for (const { seq, n, from, at, clientId, body, changed: by } of entries) {
          api.take(conversation, seq, n, from, at, clientId, body, by)
        }
      } catch {
        // It is no conversation of mine any more, or the client was closed: nothing of it is shown.
      }
    }
    asking = false
    if (stale.size > 0) void refresh()
  }

  async function readRemoved(conversation: string): Promise<void> {
    const mine = api.me.get()?.id
    try {
      const { seqs } = (await api.ask('actions.removals', { conversation })) as Removals
      if (mine === api.me.get()?.id) add(conversation, seqs)
    } catch {
      // Not mine, or no such plugin there: then nothing was removed.
    }
  }

  function add(conversation: string, seqs: readonly number[]): void {
    const cell = removed.get(conversation)
    if (cell && seqs.some((seq) => !cell.get().has(seq))) cell.set(new Set([...cell.get(), ...seqs]))
  }

  interface Told {
    readonly type: string
    readonly from: string
    readonly conversation: string
    readonly what?: string
    readonly of?: number
  }
  api.on('message', ({ type, from, conversation, what, of }: Told) => {
    if (type !== 'act' || from !== 'system' || of === undefined) return
    if (what === 'edited' || what === 'deleted') changed(conversation, of)
  })
  api.on('actions.removed', ({ conversation, seqs }: Removals & { readonly conversation: string }) =>
    add(conversation, seqs),
  )
  let owner = api.me.get()?.id
  api.me.subscribe(() => {
    const now = api.me.get()?.id
    if (now === owner) return
    owner = now
    for (const cell of removed.values()) cell.set(none)
  })
  let online = false
  api.status.subscribe(() => {
    const was = online
    online = api.status.get().link === 'online'
    if (online && !was) for (const conversation of removed.keys()) void readRemoved(conversation)
  })

  return {
    acted: (messages, without = none) => acted(messages, without),
    removedIn(conversation) {
      let cell = removed.get(conversation)
      if (!cell) {
        cell = api.cell(none)
        removed.set(conversation, cell)
        void readRemoved(conversation)
      }
      return cell
    },
  }
}
