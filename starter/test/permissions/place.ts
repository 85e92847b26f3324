import type { ByName } from './people.js'

/** What a command can name: everybody's id, and what is there. */
export interface Place extends ByName<string> {
  readonly group: string
  /** Olga's direct conversations: with Mia, her friend, and with Bea, whom she has blocked. Each began, each answered. */
  readonly friends: string
  readonly apart: string
  /** What Tom said in the group, and what he asked; what Olga said in a direct conversation, and what she was answered. */
  readonly text: number
  readonly poll: number
  readonly first: number
  readonly second: number
  /** Olga's: a link into the group, a group of friends, a message that waits, a device, her handle, and the hash of her picture. */
  readonly link: string
  readonly friendGroup: string
  readonly later: string
  readonly session: string
  readonly handle: string
  readonly avatar: string
  /** Of the picture of the group. */
  readonly picture: string
}

/** Who asks, and what is theirs. Who never was in the group said nothing in it. */
export interface Me {
  readonly user: string
  readonly handle: string
  readonly token: string
  readonly session: string
  /** Their second device. */
  readonly other: string
  /** The conversation with themselves, in which they noted a text. */
  readonly notes: string
  readonly text?: number
  readonly poll?: number
}

/** A place of the same shape where nothing is. */
export const nowhere = (at: Place): Place =>
  Object.fromEntries(Object.entries(at).map(([name, value]) => [name, absent(name, value)])) as never

const absent = (name: string, value: string | number) =>
  typeof value === 'number' ? value : `nothing-${name}`.slice(0, value.length).padEnd(value.length, '-')
