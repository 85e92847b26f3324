import { isDenied } from '../contract/index.js'
import type { Address, Body, Message, Sendable, Within } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import { kindOf } from '../kernel/error-text.js'
import { storeFailure } from '../pipeline/store-failure.js'
import { directId } from '../pipeline/direct-id.js'
import type { PipelineParts } from '../pipeline/parts.js'
import type { IntendedSends } from '../pipeline/intended-sends.js'
import type { Pipeline, Sending } from '../pipeline/pipeline.js'
import { causeId, isId, newId } from '../protocol/id.js'
import type { ConversationMembers } from '../hooks.js'
import type {
  Ack,
  Conversations,
  Judged,
  JudgeOptions,
  Pending,
  SendOptions,
  SystemEntry,
} from '../services/conversations.js'

type SendWithin = SendOptions & { readonly within: Within }

/** What the store said, without the hook in which it was met. */
function plainly(error: unknown): never {
  throw storeFailure(error) ?? error
}

function mustBeWithin(within: unknown): Within {
  if (typeof within === 'object' && within !== null && typeof (within as Within).database === 'string') {
    return within as Within
  }
  throw NatterErrors.INVALID({
    message: `"within" is ${kindOf(within)}; wrap the transaction, like within: sql(trx).`,
  })
}

/** Sending and reading for plugins and the host, over the same pipeline as the sockets. */
export class ConversationsService implements Conversations {
  readonly #pipeline: Pipeline
  readonly #parts: PipelineParts
  readonly #intended: () => IntendedSends

  constructor(pipeline: Pipeline, parts: PipelineParts, intended: () => IntendedSends) {
    this.#pipeline = pipeline
    this.#parts = parts
    this.#intended = intended
  }

  send<B extends Body>(from: string, to: Address, body: Sendable<B>, options?: SendOptions): Promise<Ack>
  send<B extends Body>(from: string, to: Address, body: Sendable<B>, options: SendWithin): Promise<Pending>
  async send<B extends Body>(
    from: string,
    to: Address,
    body: Sendable<B>,
    options: SendOptions & Partial<SendWithin> = {},
  ): Promise<Ack | Pending> {
    const { id = newId(), device, without, within } = options
    for (const [name, value] of Object.entries({ from, id, to: typeof to === 'string' ? to : to?.user })) {
      if (isId(value)) continue
      throw NatterErrors.INVALID({
        message: `"${name}" is ${String(value).slice(0, 80)}; an id has 1 to 64 of A-Z a-z 0-9 _ . @ : -`,
      })
    }
    if (typeof body !== 'object' || body === null) {
      throw NatterErrors.INVALID({ message: 'A body is an object, like { text: "hello" }.' })
    }
    const sending: Sending = {
      from,
      device,
      connection: undefined,
      to,
      clientId: id,
      body: body as Readonly<Record<string, unknown>>,
      ...(without ? { without } : {}),
    }
    // Given but empty is a mistake that must not send at once.
    if ('within' in options) return this.#intended().write(sending, mustBeWithin(within))
    return this.#pipeline.send(sending).catch(plainly)
  }

  async append(conversation: string, { body, cause, counts = false, ...rest }: SystemEntry): Promise<Ack> {
    return this.#pipeline
      .append({
        ...rest,
        conversation,
        body: body as Readonly<Record<string, unknown>>,
        clientId: causeId(cause),
        counts,
      })
      .catch(plainly)
  }

  async judge(
    from: string,
    to: Address,
    body: object,
    { id, counts = true, device, without }: JudgeOptions,
  ): Promise<Judged> {
    return this.#pipeline
      .judge({
        from,
        device,
        connection: undefined,
        to,
        clientId: id,
        body: body as Readonly<Record<string, unknown>>,
        counts,
        ...(without ? { without } : {}),
      })
      .catch(plainly)
  }

  entry(user: string, message: string): Promise<Message>
  entry<B extends Body>(user: string, message: string, body: B): Promise<Message<B>>
  async entry(user: string, message: string, body?: Body): Promise<never> {
    const at = message.lastIndexOf('/')
    const conversation = message.slice(0, at)
    const seq = Number(message.slice(at + 1))
    if (!isId(conversation) || !Number.isSafeInteger(seq) || seq < 1) throw NatterErrors.NOT_FOUND()
    const found = await this.#parts.entry?.({ user, conversation, seq }, undefined)
    if (!found || isDenied(found) || found.body === '') throw NatterErrors.NOT_FOUND()
    const fields = JSON.parse(found.body) as Record<string, unknown>
    const type = fields['type'] ?? 'text'
    if (body && type !== body.type) throw NatterErrors.NOT_FOUND()
    return {
      ...fields,
      type,
      id: `${conversation}/${seq}`,
      conversation,
      seq,
      from: found.from,
      clientId: found.clientId,
      at: found.at,
    } as never
  }

  async members(conversation: string): Promise<ConversationMembers | undefined> {
    const members = await this.#parts.members?.(conversation, undefined)
    return !members || isDenied(members) ? undefined : members
  }

  direct(a: string, b: string): string {
    return directId(a, b)
  }
}
