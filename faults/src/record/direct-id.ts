import { createHash } from 'node:crypto'

/**
 * The id of the direct conversation of two people, by docs/protocol.md §4 and not by the server's code: `d` and the first
 * 21 characters of the base64url of SHA-256 over both ids in byte order, each after one byte of its length.
 */
export function directId(a: string, b: string): string {
  const hash = createHash('sha256')
  for (const id of [a, b].sort()) hash.update(Buffer.of(id.length)).update(id)
  return `d${hash.digest('base64url').slice(0, 21)}`
}
