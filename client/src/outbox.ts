import type { ErrorShape } from '@natter/core/contract'
import type { Outbox, OutboxEntry, Sent } from './api/outbox.js'
import type { Platform } from './api/platform.js'
import type { Store } from './api/store.js'
import { backoff } from './backoff.js'
import type { Entry } from './entry.js'
import { ClientError, localError } from './errors.js'
import type { Exchange } from './exchange.js'
import { createDerived } from './readable.js'
import type { Notify } from './readable.js'
import type { Frame } from './socket.js'
import { createTabs } from './tabs.js'
import { utf8Length } from './utf8.js'
import type { Welcome } from './wire.js'

/** Fewer than the server allows at a time, so that requests have room beside them. */
const inFlightLimit = 8
/** When this tab is connected and the sending tab has not sent, this one does: the server keeps one of both. */
const takeOverMs = 4_000
const prefix = 'outbox/'

/** An unsent message as the store keeps it. */
export interface Kept {
  readonly id: string
  readonly conversation: string
  /** The person it is for: the direct conversation may not exist yet. */
  readonly peer?: string
  readonly body: object
  readonly at: number
  /** Later ones have a larger one. */
  readonly order: number
  readonly refused?: ErrorShape
}
export interface Outgoing {
  kept: Kept
  entry: Entry
  failed: boolean
  error: ClientError | undefined
  /** In the store, or the store cannot. */
  stored: boolean
  /** This client transmits it, whoever else may. */
  mine: boolean
  flying: boolean
  attempts: number
  timer: unknown
}

export interface OutboxEvents {
  /** The server has it. `n` is not known. */
  sent(kept: Kept, sent: Sent): void
  refused(kept: Kept, error: ClientError): void
  dropped(kept: Kept): void
  again(kept: Kept): void
  /** What is shown of this conversation changed. */
  touch(conversation: string): void
}

export interface OutboxCore extends Outbox {
  add(kept: Omit<Kept, 'order' | 'at'>): Outgoing
  of(conversation: string): readonly Outgoing[]
  /** Reads what an earlier client left, and agrees with other tabs. */
  start(): Promise<void>
  /** Connected, and what my devices have received so far is known. */
  up(welcome: Welcome): void
  down(): void
  /** It turned up in the log. */
  found(entry: Entry): void
  /** The server closed because of a frame: what was on its way is not tried again by itself. */
  blame(error: ClientError): void
  stop(): Promise<void>
  clear(): void
}

const keyOf = ({ conversation, id }: { conversation: string; id: string }) => `${prefix}${conversation}/${id}`
const none: readonly Outgoing[] = []

export function createOutbox(
  platform: Platform,
  notify: Notify,
  store: Store,
  exchange: Exchange,
  addressOf: (kept: Kept) => unknown,
  me: () => string,
  events: OutboxEvents,
): OutboxCore {
  const lanes = new Map<string, Outgoing[]>()
  let welcome: Welcome | undefined
  let inFlight = 0
  let lastOrder = 0
  let writing: Promise<void> = Promise.resolve()

  const all = () => ([] as Outgoing[]).concat(...lanes.values())
  const find = (key: string) => all().find(({ kept }) => keyOf(kept) === key)
  const entries = createDerived(notify, () =>
    all()
      .sort((a, b) => a.kept.order - b.kept.order)
      .map(({ kept: { id, conversation, body, at }, failed, error }): OutboxEntry => {
        return { id, conversation, body, at, state: failed ? 'failed' : 'queued', ...(error && { error }) }
      }),
  )
  const tabs = createTabs(platform, store, {
    queued: (kept) => void load(kept, true),
    sent: (key, sent) => settle(find(key), sent),
    refused: (key, error) => refuse(find(key), error, false),
    dropped: (key) => remove(find(key)),
    leads() {
      for (const item of all()) if (!item.error) rest(item)
      pumpAll()
    },
  })

  /** One after the other, so that what was dropped is not kept after all. Never rejects: a failing store is replaced. */
  function write(act: () => Promise<void>) {
    writing = writing.then(act)
  }

  function changed(item: Outgoing) {
    entries.touch()
    events.touch(item.kept.conversation)
  }

  function load(kept: Kept, stored: boolean): Outgoing {
    const known = find(keyOf(kept))
    if (known) {
      reviveFrom(known, kept)
      return known
    }
    const { id, conversation, body, at, refused } = kept
    const item: Outgoing = {
      kept,
      entry: {
        conversation,
        seq: 0,
        n: undefined,
        from: me(),
        at,
        clientId: id,
        body,
        changed: undefined,
        connection: 0,
      },
      failed: refused !== undefined,
      error: refused && new ClientError(refused),
      stored,
      mine: false,
      flying: false,
      attempts: 0,
      timer: undefined,
    }
    lastOrder = Math.max(lastOrder, kept.order)
    const lane = lanes.get(conversation) ?? []
    lanes.set(conversation, lane)
    lane.push(item)
    lane.sort((a, b) => a.kept.order - b.kept.order)
    changed(item)
    pump(lane)
    return item
  }

  /** Another tab asked for a failed one to be tried again. */
  function reviveFrom(item: Outgoing, kept: Kept) {
    if (!item.failed || kept.refused) return
    revive(item, kept)
  }

  function revive(item: Outgoing, kept: Kept) {
    item.kept = kept
    item.failed = false
    item.error = undefined
    item.attempts = 0
    const lane = lanes.get(kept.conversation)!
    lane.sort((a, b) => a.kept.order - b.kept.order)
    events.again(kept)
    changed(item)
    pump(lane)
  }

  function remove(item: Outgoing | undefined) {
    if (!item) return
    const { conversation } = item.kept
    const lane = lanes.get(conversation)!
    lane.splice(lane.indexOf(item), 1)
    if (!lane.length) lanes.delete(conversation)
    rest(item)
    changed(item)
    pump(lane)
  }

  function rest(item: Outgoing) {
    platform.clearTimeout(item.timer)
    item.timer = undefined
  }

  function pumpAll() {
    for (const lane of [...lanes.values()]) pump(lane)
  }

  /** Transmits the first of a conversation; the next follows when it is decided, so that their order holds. */
  function pump(lane: Outgoing[]) {
    const item = lane.find(({ failed }) => !failed)
    if (!welcome || !item || !item.stored || item.flying || inFlight >= inFlightLimit) return
    if (item.timer !== undefined) return
    if (tabs.leading || item.mine) return transmit(item, welcome)
    item.timer = platform.setTimeout(() => {
      item.timer = undefined
      item.mine = true
      pump(lane)
    }, takeOverMs)
  }

  function transmit(item: Outgoing, { limits }: Welcome) {
    const { kept } = item
    const body = JSON.stringify(kept.body)
    if (utf8Length(body) > Math.min(limits.bodyBytes, limits.frameBytes - 256)) {
      return refuse(item, localError('NATTER_TOO_LARGE', 'The message is too long.'), true)
    }
    item.flying = true
    inFlight++
    exchange.begin(
      (id) => `["s",${id},${JSON.stringify(addressOf(kept))},"${kept.id}",${body}]`,
      (answer) => {
        inFlight--
        item.flying = false
        // Without an answer the connection is gone; the next one sends it again under the same id.
        if (answer && find(keyOf(kept)) === item) decide(item, answer)
        if (answer) pumpAll()
      },
    )
  }

  function decide(item: Outgoing, [kind, , what, at, conversation = item.kept.conversation]: Frame) {
    const where = { conversation: conversation as string, at: at as number }
    if (kind === 'a') return confirm(item, { durability: 'committed', seq: what as number, ...where })
    if (kind === 'r') return confirm(item, { durability: 'relayed', devices: what as number, ...where })
    const error = new ClientError(what as ErrorShape)
    if (!error.retryable) return refuse(item, error, true)
    const ms = Math.max(error.retryAfterMs ?? 0, backoff(item.attempts++, platform.random))
    item.error = error
    item.timer = platform.setTimeout(() => {
      item.timer = undefined
      pumpAll()
    }, ms)
    changed(item)
  }

  function confirm(item: Outgoing, sent: Sent) {
    const key = keyOf(item.kept)
    settle(item, sent)
    write(() => store.remove(key))
    tabs.tell({ kind: 'sent', key, sent })
  }

  function settle(item: Outgoing | undefined, sent: Sent) {
    if (!item) return
    events.sent(item.kept, sent)
    remove(item)
  }

  function refuse(item: Outgoing | undefined, error: ClientError, tell: boolean) {
    if (!item || item.failed) return
    const { code, message, retryable } = error
    item.failed = true
    item.error = error
    item.kept = { ...item.kept, refused: { code, message, retryable } }
    const { kept } = item
    events.refused(kept, error)
    changed(item)
    if (tell) {
      write(() => store.set(keyOf(kept), kept))
      tabs.tell({ kind: 'refused', key: keyOf(kept), error: { code, message, retryable } })
    }
    pump(lanes.get(kept.conversation)!)
  }

  function persist(item: Outgoing) {
    const { kept } = item
    write(async () => {
      await store.set(keyOf(kept), kept)
      if (find(keyOf(kept)) !== item) return
      item.stored = true
      tabs.tell({ kind: 'queued', kept })
      pump(lanes.get(kept.conversation)!)
    })
  }

  const nextOrder = () => (lastOrder = Math.max(lastOrder + 1, platform.now()))

  return {
    entries,
    list: () => entries.get(),
    of: (conversation) => lanes.get(conversation) ?? none,
    add(given) {
      const known = find(keyOf(given))
      if (known) return known
      const item = load({ ...given, at: platform.now(), order: nextOrder() }, false)
      persist(item)
      return item
    },
    retry(id) {
      for (const item of all()) {
        if (!item.failed || (id !== undefined && item.kept.id !== id)) continue
        const { refused: _, ...kept } = item.kept
        item.stored = false
        revive(item, { ...kept, order: nextOrder() })
        persist(item)
      }
    },
    drop(id) {
      const items = all().filter(({ kept }) => kept.id === id)
      for (const item of items) {
        const key = keyOf(item.kept)
        events.dropped(item.kept)
        remove(item)
        write(() => store.remove(key))
        tabs.tell({ kind: 'dropped', key })
      }
      return items.length > 0
    },
    start() {
      tabs.start()
      write(async () => {
        const left = (await store.list(prefix)).map(([, kept]) => kept as Kept)
        for (const kept of left.sort((a, b) => a.order - b.order)) load(kept, true)
      })
      return writing
    },
    up(next) {
      welcome = next
      pumpAll()
    },
    down() {
      welcome = undefined
    },
    found(entry) {
      const { conversation, seq, at } = entry
      const item = find(keyOf({ conversation, id: entry.clientId }))
      if (item) confirm(item, { durability: 'committed', conversation, seq, at })
    },
    blame(error) {
      for (const item of all()) if (item.flying) refuse(item, error, true)
    },
    async stop() {
      tabs.stop()
      all().forEach(rest)
      await writing
    },
    clear() {
      for (const item of all()) remove(item)
    },
  }
}
