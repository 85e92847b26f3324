import type { Flat } from './flat.js'
import type { InputOf, OutputOf, Schema } from './schema.js'

/** What every entry of a conversation has. Identity is (conversation, seq); `id` is the two joined by `/`. */
export interface Envelope {
  readonly id: string
  readonly conversation: string
  /** Dense from 1 in its conversation, the same for everyone. 0 where nothing is stored. */
  readonly seq: number
  readonly from: string
  /** The sender's own id for it: unique per (sender, conversation). */
  readonly clientId: string
  /** Server time in ms. */
  readonly at: number
}

/** A declared kind of message body. */
export interface Body<Type extends string = string, In = any, Out = any> {
  readonly kind: 'body'
  readonly type: Type
  readonly schema: Schema<In, Out>
}
/** What a client adds beside a body when it shows a message. */
type Shown = 'key' | 'own' | 'state' | 'error' | 'changed'
/** What was done to a message since it was sent; written into its body by the plugin that keeps it. */
type Later = 'acts'
type Reserved = keyof Envelope | 'type' | Shown | Later
/** Shown by the compiler where a body declares a field that every message has. */
export interface ReservedFields<K> {
  readonly 'these fields belong to the envelope': K
}

/**
 * Declares a kind of body. An undeclared kind is refused.
 *
 * @example
 * export const pollBody = body('poll', z.object({ question: z.string(), options: z.array(z.string()).min(2) }))
 */
export function body<const Type extends string, S extends Schema<object>>(
  type: Type,
  schema: S & (keyof OutputOf<S> & Reserved extends never ? unknown : ReservedFields<keyof OutputOf<S> & Reserved>),
): Body<Type, Flat<InputOf<S>>, Flat<OutputOf<S>>> {
  return { kind: 'body', type, schema } as never
}

/** What a text has: `mentions` are ids of people whom it is for in particular, at most 50; `@all` is everybody. */
interface Text {
  text: string
  mentions?: readonly string[]
}
/** A plain text; it needs no `type`. */
export type TextBody = Body<'text', Text, Text>
/** Stands for every type that no plugin here knows: a literal, because a plain string would survive `type === 'poll'`. */
export type OtherType = '(another kind)'
/** A kind of body that nobody here knows. It keeps its place and can be passed on. */
export type OtherBody = Body<OtherType, never, {}>

/** What a hook sees before the message is stored. */
export type Draft<B extends Body = TextBody | OtherBody> =
  B extends Body<infer T, any, infer O>
    ? Flat<Omit<Envelope, 'id' | 'seq' | 'at'> & { readonly type: T } & Readonly<O>>
    : never
/** A stored or relayed message, by its kind of body: `message.type` narrows it. */
export type Message<B extends Body = TextBody | OtherBody> =
  B extends Body<infer T, any, infer O> ? Flat<Envelope & { readonly type: T } & Readonly<O>> : never

/** What one may send: text needs no `type`. */
export type Sendable<B extends Body> =
  B extends Body<infer T, infer I, any>
    ? 'text' extends T
      ? { readonly type?: 'text' } & Readonly<Text>
      : Flat<{ readonly type: T } & Readonly<I>>
    : never

/** Where a message goes: a conversation, or a person (the direct conversation with them). */
export type Address = string | { readonly user: string }
