import { token } from '../contract/index.js'
import type { Personal, Token } from '../contract/index.js'

/** A part of what is exported of a person: a name like `friends.contacts`, and its items, read when their turn comes. */
export interface DataPart {
  readonly name: string
  readonly items: AsyncIterable<object> | Iterable<object>
}
/** One item of an export. */
export interface Exported {
  readonly part: string
  readonly item: object
}

/** Who is erased. */
export interface Erasure {
  readonly user: string
  /**
   * Nobody's id, to stand for them in a conversation: the same for each conversation while this erasure lasts, another one in
   * each, and without a way back to the person.
   */
  readonly as: (conversation: string) => string
}
/** `close`: nobody acts as them any more. `leave`: they go from what they share with others. `erase`: what is left of them. */
export type ErasurePhase = 'close' | 'leave' | 'erase'
/**
 * A step of an erasure. `run` does a part that a second is enough for and answers the place from which it goes on, at most
 * 1,024 characters, or nothing once all is done. A place is stored before the next part begins; a part that was under way
 * when the server died is done again.
 */
export interface ErasureStep {
  /** Of one plugin, like `friends.pairs`. */
  readonly name: string
  readonly phase: ErasurePhase
  run(place: string | undefined): Promise<string | undefined>
}

/** What a model or a key space holds of people. */
export interface HeldData {
  readonly plugin: string
  readonly kind: 'model' | 'keys'
  readonly name: string
  /** Nothing where its plugin does not say. */
  readonly personal: Personal | undefined
}

/** Export and erasure of one person's data, over all plugins. */
export interface PersonalData {
  /**
   * All that the plugins hold of a person and that is theirs to have, one item after the other, however much there is.
   *
   * @throws NATTER_HOOK_FAILED, STORAGE_…
   * @example
   * for await (const line of chat.users.export(id)) out.write(`${JSON.stringify(line)}\n`)
   */
  export(user: string | number): AsyncIterable<Exported>
  /**
   * Removes a person: their account, what they set, whom they know, what they wrote. Resolves when all of it is gone. It is
   * recorded before anything is removed: where this rejects, or the server dies, it is gone on with, once a minute and at the next
   * start. Asked again meanwhile, it is the same erasure. An id that was erased must not come back for somebody else.
   *
   * @throws NATTER_HOOK_FAILED, NATTER_STOPPED, STORAGE_…: the erasure goes on by itself.
   */
  erase(user: string | number): Promise<void>
  /** What is stored of people, by model and key space. */
  holds(): readonly HeldData[]
}
export const PersonalData: Token<PersonalData, 'personalData'> = token('personalData').of()
