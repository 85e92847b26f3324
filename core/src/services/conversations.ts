import { token } from '../contract/index.js'
import type { Address, Body, Message, OtherBody, Sendable, TextBody, Token, Within } from '../contract/index.js'

/** What a send resolves with: an ack is a promise. */
export type Ack =
  /** Stored for good: it has its place in the conversation. */
  | {
      readonly durability: 'committed'
      readonly conversation: string
      readonly seq: number
      readonly n: number
      readonly at: number
    }
  /** Handed to this many connected devices and kept nowhere. */
  | { readonly durability: 'relayed'; readonly conversation: string; readonly devices: number; readonly at: number }

/**
 * What a send within the host's transaction resolves with: the message is stored once and delivered if that transaction
 * commits, and there is no trace of it if not.
 */
export interface Pending {
  readonly durability: 'pending'
  readonly conversation: string
  readonly clientId: string
}

/** How a message is sent. */
export interface SendOptions {
  /** The sender's own id for it: sent again under the same id it is stored once. Default: a random one. */
  readonly id?: string
  /** Plugins whose vetoes are not asked. For the host's own acts, by name, so that a reader sees what is skipped. */
  readonly without?: readonly string[]
  /** The sending device, which already knows: its live copy is left out. */
  readonly device?: string
}

/** Sending and reading, for plugins. */
export interface Conversations {
  /**
   * Sends as a user, through all hooks.
   *
   * @throws NATTER_NOT_FOUND, NATTER_CONFLICT, NATTER_NOBODY_ONLINE, STORAGE_…, and the refusals of hooks.
   */
  send<B extends Body = TextBody>(from: string, to: Address, body: Sendable<B>, options?: SendOptions): Promise<Ack>
  /**
   * Sends if and when the host's transaction commits: `within` is `sql(trx)` of `@natter/storage-sql`. The hooks are asked
   * now; the place in the conversation is taken after the commit, so an open transaction delays nobody.
   *
   * @throws NATTER_WITHIN_UNAVAILABLE, and as `send` does.
   */
  send<B extends Body = TextBody>(
    from: string,
    to: Address,
    body: Sendable<B>,
    options: SendOptions & { readonly within: Within },
  ): Promise<Pending>
  /** Sends a system entry: no vetoes are asked; the id is derived from its cause, so that it happens once. */
  append(
    conversation: string,
    entry: { readonly body: object; readonly cause: string; readonly counts?: boolean },
  ): Promise<Ack>
  /**
   * One entry, if the user may read it. With a body, only of this kind.
   *
   * @throws NATTER_NOT_FOUND for unreadable, absent and of another kind alike.
   */
  entry(user: string, message: string): Promise<Message>
  entry<B extends Body>(user: string, message: string, body: B): Promise<Message<B>>
  /** The ids of the members; nothing where there is no such conversation. */
  members(conversation: string): Promise<readonly string[] | undefined>
  /** The id of the direct conversation of two people: a name, which proves nothing. */
  direct(a: string, b: string): string
}
/** A message of any kind. */
export type AnyMessage = Message<TextBody | OtherBody>
export const Conversations: Token<Conversations, 'conversations'> = token('conversations').of()
