import { follow } from '@natter/client'
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
  acted<M extends MessageLike>(
    messages: readonly M[],
    removed?: ReadonlySet<number>,
    /** The time by which polls are over, ms. Default: this device's. */
    now?: number,
  ): readonly ActedMessage<M>[]
  /** What I have deleted for myself alone in a conversation, on any device. Asked for twice it is the same value. */
  removedIn(conversation: string): Readable<ReadonlySet<number>>
}

/** What is followed of what I removed in a conversation. */
interface Removed {
  readonly cell: Readable<ReadonlySet<number>>
  readonly add: (seqs: readonly number[]) => void
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
  const removed = new Map<string, Removed>()
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

  /** What I removed in a conversation: the set only grows, so what is heard and what is read go together in any order. */
  function followRemoved(conversation: string): Removed {
    const cell = api.cell(none)
    const add = (seqs: readonly number[]) => {
      if (seqs.some((seq) => !cell.get().has(seq))) cell.set(new Set([...cell.get(), ...seqs]))
    }
    const { again } = follow(api, {
      async read() {
        const { seqs } = (await api.ask('actions.removals', { conversation })) as Removals
        return () => add(seqs)
      },
      forget: () => cell.set(none),
    })
    again()
    return { cell, add }
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
    if (what === 'edited' || what === 'deleted' || what === 'expired') changed(conversation, of)
  })
  api.on('actions.removed', ({ conversation, seqs }: Removals & { readonly conversation: string }) =>
    removed.get(conversation)?.add(seqs),
  )

  return {
    acted: (messages, without = none, now = Date.now()) => acted(messages, without, now),
    removedIn(conversation) {
      const known = removed.get(conversation) ?? followRemoved(conversation)
      removed.set(conversation, known)
      return known.cell
    },
  }
}
