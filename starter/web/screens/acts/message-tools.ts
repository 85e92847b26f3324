import type { Acted } from '../../state/connect-chat.js'
import type { Wish } from '../../state/wishes.js'

/** What one can do with a message where it stands. */
export interface MessageTools {
  /** What is under way. */
  readonly wishes: readonly Wish[]
  /** Shows all that there is to do with it, beside this element. */
  menu(acted: Acted, at: HTMLElement): void
  react(acted: Acted, emoji: string, on: boolean): void
  vote(acted: Acted, choices: readonly number[]): void
  /** Goes to a message. */
  jump(seq: number): void
  /** Opens the thread of a message. */
  thread(seq: number): void
}
