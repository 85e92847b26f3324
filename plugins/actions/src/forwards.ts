import { hash } from 'node:crypto'
import type { Conversations } from '@natter/core'
import { NatterError } from '@natter/core/contract'
import type { Address } from '@natter/core/contract'
import { ActionsErrors } from './contract.js'
import { mustBeMessage } from './reading.js'
import type { Reading, Seen } from './reading.js'

interface ForwardsParts {
  readonly conversations: Conversations
  readonly reading: Reading
  readonly bounds: { readonly forwardTo: number; readonly forwardHops: number }
}
/** What came of passing a message on to one place. */
interface Forwarded {
  readonly conversation?: string
  readonly seq?: number
  readonly error?: string
}

const texts = ['text', 'reply', 'forward']

/** Passes texts on: a copy goes, and no way back to where it comes from. */
export class Forwards {
  readonly #parts: ForwardsParts

  constructor(parts: ForwardsParts) {
    this.#parts = parts
  }

  /** @throws NATTER_NOT_FOUND, ACTIONS_DELETED, ACTIONS_CANNOT, ACTIONS_TOO_FAR, ACTIONS_TOO_MANY, STORAGE_… */
  async forward(
    me: string,
    from: { readonly conversation: string; readonly seq: number },
    to: readonly Address[],
    { key, named }: { readonly key: string; readonly named: boolean },
  ): Promise<readonly Forwarded[]> {
    const { reading, bounds } = this.#parts
    if (to.length > bounds.forwardTo) throw ActionsErrors.TOO_MANY()
    const body = this.#copy(await reading.message(me, from.conversation, from.seq), named)
    const sent: Forwarded[] = []
    // One after the other: of what goes to many, each place has its turn with what else is written.
    for (const each of to) sent.push(await this.#send(me, each, body, key))
    return sent
  }

  #copy(seen: Seen, named: boolean) {
    mustBeMessage(seen)
    const { entry, body, type } = seen
    const { text, hops, author } = body
    if (!texts.includes(type) || typeof text !== 'string') throw ActionsErrors.CANNOT()
    const passed = type === 'forward'
    const next = passed ? (hops as number) + 1 : 1
    if (next > this.#parts.bounds.forwardHops) throw ActionsErrors.TOO_FAR()
    const wrote = passed ? (author as string | undefined) : entry.from
    return { type: 'forward', text, hops: next, ...(named && wrote && { author: wrote }) } as const
  }

  async #send(me: string, to: Address, body: object, key: string): Promise<Forwarded> {
    const place = typeof to === 'string' ? to : `@${to.user}`
    const id = `f${hash('sha256', `${key}\n${place}`, 'base64url').slice(0, 21)}`
    try {
      const ack = await this.#parts.conversations.send(me, to, body as never, { id, without: ['actions'] })
      return { conversation: ack.conversation, ...(ack.durability === 'committed' && { seq: ack.seq }) }
    } catch (error) {
      // What the store does not do now the whole is asked again for.
      if (!NatterError.is(error) || error.status >= 500) throw error
      return { error: error.code }
    }
  }
}
