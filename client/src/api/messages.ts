import type { Body, Flat, Message, OtherBody, TextBody } from '@natter/core/contract'
import type { ClientError } from '../errors.js'

/**
 * `queued`: kept on this device, not confirmed yet. `sent`: the server has it. `delivered`: a device of the other person
 * has it. `read`: the other person has read it. `failed`: the server refused it; `error` has the code.
 */
export type SendState = 'queued' | 'sent' | 'delivered' | 'read' | 'failed'

interface View {
  /** Stable from the first moment on screen through its confirmation: use it as the key of a list. */
  readonly key: string
  /** I sent it, from this device or another. */
  readonly own: boolean
  /** `received` for what others sent. */
  readonly state: SendState | 'received'
  /** The last refusal: for `failed`, or for `queued` while it is tried again. */
  readonly error?: ClientError
  /** The seq of the entry that last changed it: edited or deleted. */
  readonly changed?: number
}

/**
 * A message as a conversation shows it. While it is not confirmed, `seq` is 0, `id` is the client id, and `at` the device's
 * time. A kind that no plugin here knows keeps its fields and its place; its `type` is the server's.
 */
export type MessageView<B extends Body = TextBody | OtherBody> = Message<B> extends infer M ? ViewOf<M> : never
type ViewOf<M> = M extends unknown ? Flat<M & View> : never

/** A stretch of history, oldest first. */
export interface Page<B extends Body = TextBody | OtherBody> {
  readonly messages: readonly MessageView<B>[]
  /** There are older ones. */
  readonly more: boolean
}
