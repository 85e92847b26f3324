import { createHash } from 'node:crypto'

/** A text of so many characters that no database makes shorter; the same for the same id. */
export const noise = (id: string, bytes: number): string =>
  createHash('shake256', { outputLength: bytes }).update(id).digest('base64url').slice(0, bytes)
