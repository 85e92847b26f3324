import { SearchErrors } from './contract.js'

/** The message that a page of what was found ended with; it is theirs to read. */
export interface Cursor {
  readonly at: number
  readonly seq: number
  readonly conversation: string
}

export const writeCursor = ({ at, seq, conversation }: Cursor): string => `${at}.${seq}.${conversation}`

/** @throws SEARCH_CURSOR */
export function readCursor(text: string): Cursor {
  const [, at, seq, conversation] = /^(\d{1,15})\.(\d{1,15})\.([A-Za-z0-9_.@:-]{1,64})$/.exec(text) ?? []
  if (conversation === undefined) throw SearchErrors.CURSOR()
  return { at: Number(at), seq: Number(seq), conversation }
}
