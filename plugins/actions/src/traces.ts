import type { LogEntry, Records } from '@natter/core/contract'
import type { answer, edition, pinRow } from './contract.js'
import { isDeleted } from './later.js'
import type { AnyBody, Change } from './later.js'

interface TracesParts {
  readonly editions: Records<typeof edition>
  readonly pins: Records<typeof pinRow>
  readonly answers: Records<typeof answer>
  /** Whether what a message said before is kept. */
  readonly kept: boolean
}

/** What is found without the messages: what they said before, which are pinned, the answers in their threads. */
export class Traces {
  readonly #parts: TracesParts

  constructor(parts: TracesParts) {
    this.#parts = parts
  }

  /** Before an edit: keeps what the message says until then. */
  async keep({ conversation, seq }: LogEntry, body: AnyBody, change: Change): Promise<void> {
    if (!this.#parts.kept || change.what !== 'edited' || isDeleted(body)) return
    const row = { conversation, seq, by: change.seq, until: change.at, text: String(body['text']) }
    await this.#parts.editions.insert(row)
  }

  /** Follows what happened. Told again, or in another order, it comes to the same. */
  async follow(conversation: string, seq: number, change: Change): Promise<void> {
    const { answers } = this.#parts
    switch (change.what) {
      case 'answered':
        return void (await answers.insert({ conversation, root: seq, seq: change.seq }))
      case 'pinned':
        return this.#pin(conversation, seq, change, 1)
      case 'unpinned':
      case 'deleted':
      case 'expired':
        return this.#pin(conversation, seq, change, 0)
      default:
    }
  }

  /** Of a deleted message nothing is kept, also where it was kept before. */
  async forget(conversation: string, seq: number): Promise<void> {
    await this.#parts.editions.remove({ conversation, seq })
  }

  /** Of a message without content nothing is kept. */
  async erase(conversation: string, seq: number): Promise<void> {
    await this.forget(conversation, seq)
    await this.#parts.pins.take({ conversation, seq })
  }

  async #pin(conversation: string, seq: number, { seq: by, by: user, at }: Change, live: 0 | 1): Promise<void> {
    const { pins } = this.#parts
    const set = { live, by, user, at }
    if (await pins.updateIf({ conversation, seq, by: { lt: by } }, set)) return
    const known = await pins.get({ conversation, seq })
    if (known || live === 0) return
    if ((await pins.insert({ conversation, seq, ...set })) === 'exists') {
      await pins.updateIf({ conversation, seq, by: { lt: by } }, set)
    }
  }
}
