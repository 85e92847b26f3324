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
import { createProgress } from './sending.js'
import type { Progress } from './sending.js'
import { createTabs } from './tabs.js'
import type { Threads } from './threads.js'
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
  /** It is addressed to the person, because the server does not know the conversation. */
  toPerson: boolean
  attempts: number
  timer: unknown
  readonly progress: Progress
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
  /** Resolves when the store has everything. */
  idle(): Promise<void>
  stop(error: ClientError): void
  clear(): void
}

const keyOf = ({ conversation, id }: { conversation: string; id: string }) => `${prefix}${conversation}/${id}`
const none: readonly Outgoing[] = []

export function createOutbox(
  platform: Platform,
  notify: Notify,
  store: Store,
  exchange: Exchange,
  threads: Threads,
  me: () => string,
  /** The server has it; `n` is not known. */
  sent: (kept: Kept, sent: Sent) => void,
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
    sent: (key, result) => settle(find(key), result),
    refused: (key, error) => refuse(find(key), new ClientError(error), false),
    dropped: (key) => discard(find(key)),
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
    threads.touch(threads.of(item.kept.conversation))
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
      toPerson: false,
      attempts: 0,
      timer: undefined,
      progress: createProgress(id, threads.of(conversation)),
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
    item.progress.again()
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

  function discard(item: Outgoing | undefined) {
    item?.progress.failed(localError('CLIENT_DROPPED', 'The message was dropped.'))
    remove(item)
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
      return refuse(item, localError('NATTER_TOO_LARGE', 'It is too large.'), true)
    }
    item.flying = true
    inFlight++
    exchange.begin(
      (id) => `["s",${id},${JSON.stringify(addressOf(item))},"${kept.id}",${body}]`,
      (answer) => {
        inFlight--
        item.flying = false
        // Without an answer the connection is gone; the next one sends it again under the same id.
        if (answer && find(keyOf(kept)) === item) decide(item, answer)
        if (answer) pumpAll()
      },
    )
  }

  /** A direct conversation may not exist yet; where nothing is stored, the server knows persons only. */
  function addressOf({ kept: { conversation, peer }, toPerson }: Outgoing): unknown {
    return peer === undefined || (!toPerson && threads.of(conversation).head) ? conversation : { user: peer }
  }

  function decide(item: Outgoing, [kind, , what, at, conversation = item.kept.conversation]: Frame) {
    const where = { conversation: conversation as string, at: at as number }
    if (kind === 'a') return confirm(item, { durability: 'committed', seq: what as number, ...where })
    if (kind === 'r') return confirm(item, { durability: 'relayed', devices: what as number, ...where })
    const error = new ClientError(what as ErrorShape)
    if (error.code === 'NATTER_NOT_FOUND' && item.kept.peer !== undefined && !item.toPerson) {
      item.toPerson = true
      return
    }
    if (!error.retryable) return refuse(item, error, true)
    const ms = Math.max(error.retryAfterMs ?? 0, backoff(item.attempts++, platform.random))
    item.error = error
    item.timer = platform.setTimeout(() => {
      item.timer = undefined
      pumpAll()
    }, ms)
    changed(item)
  }

  function confirm(item: Outgoing, result: Sent) {
    const key = keyOf(item.kept)
    settle(item, result)
    write(() => store.remove(key))
    tabs.tell('sent', key, result)
  }

  function settle(item: Outgoing | undefined, result: Sent) {
    if (!item) return
    item.progress.sent(result)
    sent(item.kept, result)
    remove(item)
  }

  function refuse(item: Outgoing | undefined, error: ClientError, tell: boolean) {
    if (!item || item.failed) return
    const { code, message } = error
    const refused = { code, message }
    const kept = { ...item.kept, refused }
    item.failed = true
    item.error = error
    item.kept = kept
    item.progress.failed(error)
    changed(item)
    if (tell) {
      write(() => store.set(keyOf(kept), kept))
      tabs.tell('refused', keyOf(kept), refused)
    }
    pump(lanes.get(kept.conversation)!)
  }

  function persist(item: Outgoing) {
    const { kept } = item
    write(async () => {
      await store.set(keyOf(kept), kept)
      if (find(keyOf(kept)) !== item) return
      item.stored = true
      tabs.tell('queued', kept)
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
        discard(item)
        write(() => store.remove(key))
        tabs.tell('dropped', key)
      }
      return items.length > 0
    },
    start() {
      tabs.start()
      for (const { failed, progress } of all()) if (!failed) progress.again()
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
    idle: () => writing,
    stop(error) {
      tabs.stop()
      for (const item of all()) {
        rest(item)
        if (!item.failed) item.progress.failed(error)
      }
    },
    clear() {
      for (const item of all()) remove(item)
    },
  }
}
