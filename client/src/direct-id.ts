import { base64url } from './ids.js'
import { sha256 } from './sha256.js'

/**
 * The id of the direct conversation of two people, the same whoever asks: `d` and the first 21 characters of the base64url
 * of SHA-256 over both ids, sorted by their bytes, each after one byte with its length. Ids are ASCII of 1 to 64 characters.
 */
export function directId(a: string, b: string): string {
  const bytes = (a < b ? [a, b] : [b, a]).flatMap((id) => [id.length, ...Array.from(id, (char) => char.charCodeAt(0))])
  return `d${base64url(sha256(bytes)).slice(0, 21)}`
}
