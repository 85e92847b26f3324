import type { Durability, Place, StoreName } from '../process/stores.js'

/** What a writer is told at its start. */
export interface WriterOrder extends Place {
  readonly store: StoreName
  readonly durability: Durability
  /** What its ids begin with. */
  readonly name: string
  /** Every fifth message is of people who have said nothing else, so that its conversation changes once. */
  readonly wide?: boolean
}

/** An acknowledged message, as its writer said it. */
export interface Acked {
  readonly id: string
  readonly conversation: string
  readonly seq: number
}

/** Texts of some length, so that the log is moved into the database now and then. */
export const textOf = (id: string): string => `${id} `.repeat(60)

export function readAck(line: string): Acked {
  const [id = '', conversation = '', seq] = line.split(' ')
  return { id, conversation, seq: Number(seq) }
}
