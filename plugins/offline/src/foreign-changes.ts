import type { Log } from '@natter/core/contract'
import type { Clock, Connections, ConversationMembers, Logger, Timer } from '@natter/core'
import type { MembershipCache } from './membership-cache.js'

/** How often the log is asked for what other nodes wrote, ms, and how much is looked at once. */
const pollMs = 1_000
const batch = 500
const rememberedHeads = 10_000

interface ForeignParts {
  readonly log: Log
  readonly clock: Clock
  readonly connections: Connections
  readonly members: MembershipCache
  readonly logger: Logger
}

/**
 * Tells devices of this node what another process wrote to the same log. Without a bus between the nodes the log itself
 * is asked once a second; it never skips, so nothing stays unseen.
 */
export class ForeignChanges {
  readonly #parts: ForeignParts
  readonly #own = new Map<string, number>()
  #mark: number
  #timer: Timer | undefined
  #busy = false
  #failing = false

  constructor(parts: ForeignParts, mark: number) {
    this.#parts = parts
    this.#mark = mark
  }

  /** What this node wrote and sent out itself. */
  own(conversation: string, seq: number): void {
    const known = this.#own.get(conversation)
    if (known === undefined && this.#own.size >= rememberedHeads) {
      const [oldest] = this.#own.keys()
      this.#own.delete(oldest!)
    }
    if (known === undefined || known < seq) this.#own.set(conversation, seq)
  }

  start(): void {
    this.#timer = this.#parts.clock.every(pollMs, () => void this.poll())
  }

  stop(): void {
    this.#timer?.cancel()
  }

  async poll(): Promise<void> {
    if (this.#busy || this.#parts.connections.size === 0) return
    this.#busy = true
    try {
      for (let full = true; full;) {
        const rows = await this.#parts.log.changed(this.#mark, batch)
        for (const row of rows) {
          if ((this.#own.get(row.conversation) ?? 0) < row.seq) await this.#tell(row.conversation, row.seq)
          this.#mark = Math.max(this.#mark, row.mark)
        }
        full = rows.length === batch
      }
      this.#failing = false
    } catch (error) {
      // The next poll starts where this one stopped; one line says so, not one a second.
      if (!this.#failing)
        this.#parts.logger.warn({ err: error }, 'the log could not be asked for changes; trying again')
      this.#failing = true
    } finally {
      this.#busy = false
    }
  }

  async #tell(conversation: string, seq: number): Promise<void> {
    const { log, members, connections } = this.#parts
    const known = members.peek(conversation)
    // A conversation of many is read again only when its members are others.
    if (known && (await log.head(conversation))?.version === known.version) {
      connections.hint(known.users, conversation, seq)
    } else {
      members.forget(conversation)
      const read = await members.read(conversation)
      if (read) {
        connections.hint(read.now.users, conversation, seq)
        await this.#tellLeavers(conversation, known, read.left)
      }
    }
    this.own(conversation, seq)
  }

  /** Devices of who is no longer in it learn that, and of no entry behind the one they left with. */
  async #tellLeavers(
    conversation: string,
    known: ConversationMembers | undefined,
    left: readonly string[],
  ): Promise<void> {
    const { log, connections } = this.#parts
    for (const user of left) {
      if (connections.of(user).length === 0 || (known && !known.users.includes(user))) continue
      const state = await log.state(user, conversation)
      if (state?.me.left) connections.hint([user], conversation, state.seq)
    }
  }
}
