import { hash } from 'node:crypto'

/**
 * The id of the direct conversation of two people (oneself twice is allowed): `d` and the first 21 base64url characters
 * of SHA-256 over both ids, sorted by bytes, each preceded by one byte of its length. It is a name, never a proof.
 *
 * @example
 * directId('alice', 'bob') === directId('bob', 'alice')
 */
export function directId(a: string, b: string): string {
  const [first, second] = a < b ? [a, b] : [b, a]
  return `d${hash('sha256', prefixed(first) + prefixed(second), 'base64url').slice(0, 21)}`
}

// Ids are ASCII and at most 64 long, so that one character is one byte in UTF-8.
const prefixed = (id: string) => String.fromCharCode(id.length) + id
