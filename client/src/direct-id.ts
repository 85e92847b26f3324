import { base64url } from './ids.js'
import { sha256 } from './sha256.js'

/**
 * The id of the direct conversation of two people, the same whoever asks: `d` and the first 21 characters of the base64url
 * of SHA-256 over both ids, sorted by their bytes, each after one byte with its length. Ids are ASCII of 1 to 64 characters.
 */
export function directId(a: string, b: string): string {
  const bytes: number[] = []
  for (const id of a < b ? [a, b] : [b, a]) {
    bytes.push(id.length)
    for (let at = 0; at < id.length; at++) bytes.push(id.charCodeAt(at))
  }
  return `d${base64url(sha256(bytes)).slice(0, 21)}`
}
