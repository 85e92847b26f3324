/**
 * Where a user's resume stands: the newest start of the server that it knows, the change mark reached, and the version of
 * their own settings.
 */
export interface Cursor {
  readonly incarnation: string
  readonly mark: number
  readonly version: number
}

/** Opaque to clients. */
export const writeCursor = ({ incarnation, mark, version = 0 }: Omit<Cursor, 'version'> & Partial<Cursor>): string =>
  `${incarnation}.${mark.toString(36)}${version > 0 ? `.${version.toString(36)}` : ''}`

/** Nothing where the text is not a cursor: the client then starts anew. */
export function readCursor(text: string): Cursor | undefined {
  const parts = /^([A-Za-z0-9_-]{1,64})\.([0-9a-z]{1,11})(?:\.([0-9a-z]{1,11}))?$/.exec(text)
  if (!parts) return undefined
  const mark = parseInt(parts[2]!, 36)
  const version = parseInt(parts[3] ?? '0', 36)
  return Number.isSafeInteger(mark) && Number.isSafeInteger(version)
    ? { incarnation: parts[1]!, mark, version }
    : undefined
}
