import type { Body, OtherBody, Sendable, TextBody } from '@natter/core/contract'
import type { MessageView, Page } from './messages.js'
import type { Sending } from './outbox.js'
import type { Readable } from './readable.js'

/** How far a person has come: they have received and read everything up to these seqs. */
export interface Marks {
  readonly read: number
  readonly received: number
}

/** A conversation in the list. */
export interface ConversationInfo<B extends Body = TextBody | OtherBody> {
  readonly id: string
  /** `direct`, or a kind that a plugin adds. */
  readonly kind: string
  /** The other person of a direct conversation: oneself in the conversation with oneself. */
  readonly peer: string | undefined
  /** Seq of the newest entry; 0 while there is none, and where nothing is stored. */
  readonly head: number
  /** Messages I have not read. Where nothing is stored it counts what came since the start. */
  readonly unread: number
  /** My own marks. */
  readonly me: Marks
  /** The marks of others, by user, where the server tells them. */
  readonly marks: { readonly [user: string]: Marks }
  /** The newest message, one on its way included. */
  readonly last: MessageView<B> | undefined
  /** When something last happened in it, ms. */
  readonly at: number
  /** I am no longer in it. */
  readonly left: boolean
}

/** A place to write to and read from. Asking for the same id gives the same object. */
export interface Conversation<B extends Body = TextBody> {
  readonly id: string
  readonly info: Readable<ConversationInfo<B | OtherBody>>
  /**
   * A gap-free stretch that ends with the newest message, oldest first; my own ones that are on their way come last. The
   * first subscription fetches the newest page; `loadOlder` extends it.
   */
  readonly messages: Readable<readonly MessageView<B | OtherBody>[]>
  /** Whether there is more history before `messages`. */
  readonly older: Readable<boolean>
  /**
   * Sends. It is on screen at once and goes out when there is a connection, in the order of the calls.
   *
   * @param options.id Your own id for it, for example that of an order: `[A-Za-z0-9_.@:-]{1,64}`. Sent twice it arrives
   *   once. Default: a random one.
   * @example
   * const sending = conversation.send({ text: 'hello' })
   * await sending.sent
   */
  send(body: Sendable<B>, options?: { readonly id?: string }): Sending
  /**
   * Fetches the page before `messages` and puts it in front. Concurrent calls share one request.
   *
   * @returns Whether there is still more.
   */
  loadOlder(limit?: number): Promise<boolean>
  /** Reads history without touching `messages`. Default: the newest 50. At most 200. */
  history(options?: { readonly before?: number; readonly limit?: number }): Promise<Page<B | OtherBody>>
  /** I have read up to this seq; default: everything that is here. Never moves back. Sent with a short delay, once. */
  read(upTo?: number): void
}
