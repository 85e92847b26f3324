/** Somebody who has an account, was connected once, and went away. */
export interface Person {
  readonly user: string
  readonly device: string
  readonly token: string
  readonly ticket: string
  /** Where their resume stands, and the one conversation that moved since. */
  readonly cursor: string
  readonly conversation: string
  /** Seq and client id of the newest entry that they have of it. */
  readonly after: number
  readonly holds: string
}
/** What a run prepares once: a database with people in it, and what each of them holds. */
export interface People {
  readonly file: string
  readonly people: readonly Person[]
}
