import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { DerivedKey } from '@natter/core'

/** Keeps what must be read again out of the database's reach. */
export interface Sealing {
  /** `bound` must be the same when it is opened, so that nobody can move it to another account. */
  seal(text: string, bound: string): string
  /** Nothing when the key is gone, or when it was changed or moved. */
  open(sealed: string, bound: string): string | undefined
  /** The same under the newest key, so that an old one can go in time; as it is when it is, or cannot be opened. */
  renew(sealed: string, bound: string): string
}

/** AES-256-GCM (NIST SP 800-38D): `<kid>.<96-bit nonce, ciphertext and 128-bit tag>`, under the newest key. */
export function sealing(keys: readonly DerivedKey[]): Sealing {
  const [current] = keys
  const sealing: Sealing = {
    seal(text, bound) {
      if (!current) throw new Error('There is no key to seal with.')
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', current.key, nonce).setAAD(Buffer.from(bound))
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${current.kid}.${sealed.toString('base64url')}`
    },
    open(sealed, bound) {
      const cut = sealed.lastIndexOf('.')
      const key = keys.find(({ kid }) => kid === sealed.slice(0, cut))?.key
      const bytes = Buffer.from(sealed.slice(cut + 1), 'base64url')
      if (!key || bytes.length < 28) return undefined
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
      decipher.setAAD(Buffer.from(bound)).setAuthTag(bytes.subarray(-16))
      try {
        return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8')
      } catch {
        return undefined
      }
    },
    renew(sealed, bound) {
      if (current && sealed.startsWith(`${current.kid}.`)) return sealed
      const text = sealing.open(sealed, bound)
      return text === undefined ? sealed : sealing.seal(text, bound)
    },
  }
  return sealing
}
