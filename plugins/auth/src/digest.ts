import { hash, timingSafeEqual } from 'node:crypto'

/** SHA-256 as 43 characters of base64url: what is stored instead of a token or a code. */
export const digest = (text: string): string => hash('sha256', text, 'base64url')

/** Equal texts, compared in time that depends on their length only. */
export function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}
