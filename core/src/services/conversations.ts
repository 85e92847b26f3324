import { token } from '../contract/index.js'
import type { Address, Append, Body, Message, OtherBody, Sendable, TextBody, Token, Within } from '../contract/index.js'
import type { ConversationMembers } from '../hooks.js'

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

/** An entry of the system. */
export interface SystemEntry {
  readonly body: object
  /** What it is because of: the same cause is one entry, however often it is appended. */
  readonly cause: string
  /** Whether it counts as unread. Default: no. */
  readonly counts?: boolean
  /** Makes the conversation with this, its first entry. Its id is the caller's. */
  readonly open?: Append['open']
  /**
   * Who comes and who goes with it, in the same commit. Each raises the version, also the join of somebody who is there:
   * so an entry that changes what members may do sends back what was judged before it.
   */
  readonly members?: Append['members']
  /** The membership version it was judged at: stored only if that is still so. */
  readonly judgedAt?: number
}

/** How a body is judged. */
export interface JudgeOptions {
  /** The client id that hooks see. */
  readonly id: string
  /** Whether it counts as a message. Default: yes. */
  readonly counts?: boolean
  /** Plugins whose vetoes are not asked, by name. */
  readonly without?: readonly string[]
  readonly device?: string
}
/** What a body that passed has come to. */
export interface Judged {
  readonly kind: string
  /** The membership version that it was judged at: append what it leads to with this as `judgedAt`. */
  readonly version: number | undefined
  readonly type: string
  /** After the changes of hooks, without its type. */
  readonly fields: Readonly<Record<string, unknown>>
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
  /**
   * Sends a system entry: no vetoes are asked; the id is derived from its cause, so that it happens once. It goes to who is
   * a member behind it; who leaves by it is hinted at it, and reads nothing more.
   *
   * @throws NATTER_STALE where the membership is no longer the one of `judgedAt`: nothing is stored; read it with `members`
   * and judge again. NATTER_NOT_FOUND where there is no such conversation and it opens none, STORAGE_…
   */
  append(conversation: string, entry: SystemEntry): Promise<Ack>
  /**
   * Judges a body as `send` does, with all hooks, and stores nothing: for what a person does to a message, or will say later,
   * so that who may not write may not do that either, and an edited text passes what a new one does.
   *
   * @throws NATTER_NOT_FOUND for who is no member, NATTER_INVALID, and the refusals of hooks
   */
  judge(from: string, to: Address, body: object, options: JudgeOptions): Promise<Judged>
  /**
   * One entry, if the user may read it. With a body, only of this kind.
   *
   * @throws NATTER_NOT_FOUND for unreadable, absent and of another kind alike.
   */
  entry(user: string, message: string): Promise<Message>
  entry<B extends Body>(user: string, message: string, body: B): Promise<Message<B>>
  /**
   * Kind, membership version and members, as this node last saw them; nothing where there is no such conversation. They may
   * be a second old, which does no harm to what is appended with the version as its `judgedAt`.
   */
  members(conversation: string): Promise<ConversationMembers | undefined>
  /** The id of the direct conversation of two people: a name, which proves nothing. */
  direct(a: string, b: string): string
}
/** A message of any kind. */
export type AnyMessage = Message<TextBody | OtherBody>
export const Conversations: Token<Conversations, 'conversations'> = token('conversations').of()
