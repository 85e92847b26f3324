import type { Body } from './body.js'
import type { Command } from './command.js'
import type { ErrorFactory, ErrorGroup } from './error.js'
import type { Event } from './event.js'

/** These read a contract module (`typeof contract`), one export at a time. */
type NamesIn<C> = { [K in keyof C]: C[K] extends Command<infer N> | Event<infer N> ? N : never }[keyof C]
type Prefix<N> = N extends `${infer P}.${string}` ? P : never
/** The plugin name that a contract's commands and events begin with. */
export type NamespaceOf<C> = Prefix<NamesIn<C>>
/** The commands of a contract module. */
export type CommandsOf<C> = { [K in keyof C]: C[K] extends Command ? C[K] : never }[keyof C]
/** The events of a contract module. */
export type EventsOf<C> = { [K in keyof C]: C[K] extends Event ? C[K] : never }[keyof C]
/** The kinds of body of a contract module. */
export type BodiesOf<C> = { [K in keyof C]: C[K] extends Body ? C[K] : never }[keyof C]
/** The error codes of a contract module. */
export type CodesOf<C> = {
  [K in keyof C]: C[K] extends ErrorGroup
    ? { [E in keyof C[K]]: C[K][E] extends ErrorFactory<infer X> ? X : never }[keyof C[K]]
    : never
}[keyof C]

/**
 * `chat.poll.vote(input)` from `command('poll.vote')`. An export named like its verb keeps its own key in a mapped type
 * that only filters, so go-to-definition reaches the contract; under another name the verb is cut from the wire name.
 */
export type CallsOf<C> = Named<C> & Renamed<C>
type Named<C> = {
  readonly [K in keyof C as C[K] extends Command<`${string}.${K & string}`> ? K : never]: CallOf<C[K]>
}
type Renamed<C> = {
  readonly [K in keyof C as C[K] extends Command<`${string}.${infer V}`> ? (V extends K ? never : V) : never]: CallOf<
    C[K]
  >
}
type CallOf<X> = X extends Command<any, infer I, any, infer O> ? Call<I, O> : never
/** A command as a client calls it; the input may be left out where nothing in it is required. */
export type Call<I, O> = {} extends I
  ? (input?: I, options?: CallOptions) => Promise<O>
  : (input: I, options?: CallOptions) => Promise<O>

/** How long the caller waits for an answer. */
export interface CallOptions {
  readonly signal?: AbortSignal
  /** From the call to its answer, in ms. Default: 30,000. */
  readonly timeoutMs?: number
}
