/** Where a user's resume stands: the newest start of the server that it knows, and the change mark reached. */
export interface Cursor {
  readonly incarnation: string
  readonly mark: number
}

/** Opaque to clients. */
export const writeCursor = ({ incarnation, mark }: Cursor): string => `${incarnation}.${mark.toString(36)}`

/** Nothing where the text is not a cursor: the client then starts anew. */
export function readCursor(text: string): Cursor | undefined {
  const parts = /^([A-Za-z0-9_-]{1,64})\.([0-9a-z]{1,11})$/.exec(text)
  if (!parts) return undefined
  const mark = parseInt(parts[2]!, 36)
  return Number.isSafeInteger(mark) ? { incarnation: parts[1]!, mark } : undefined
}
