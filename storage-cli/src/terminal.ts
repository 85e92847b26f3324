/** Where the program speaks, and who may stop it. */
export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** `err` goes to a person who watches, so that a line can be written over. */
  readonly tty: boolean
  /** ms, from anywhere. */
  now(): number
  /** Aborted when it shall stop. */
  readonly stop: AbortSignal
}
