import { hash } from 'node:crypto'

/**
 * Keyed digest of a submitted body: 22 characters. It tells a retry from another message under the same id, and says
 * nothing about a body to who lacks the key. SHA-512/256 over key and text: a truncated hash that cannot be extended.
 */
export const bodyDigest = (key: string, body: string): string =>
  hash('sha512-256', key + body, 'base64url').slice(0, 22)
