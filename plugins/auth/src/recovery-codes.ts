import { randomInt } from 'node:crypto'
import type { Clock } from '@natter/core'
import type { Records } from '@natter/core/contract'
import type { credential } from './contract.js'
import { digest, sameText } from './digest.js'

const method = 'recovery'
/** Without the letters and digits that are taken for one another. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const groups = 4
const groupLength = 6

/**
 * One-time codes that get a person back into their account. Each has more than 112 bits (30^24), so a plain hash is
 * enough to keep them: nobody can try so many.
 */
export class RecoveryCodes {
  readonly #rows: Records<typeof credential>
  readonly #clock: Clock
  readonly #count: number

  constructor(rows: Records<typeof credential>, clock: Clock, count: number) {
    this.#rows = rows
    this.#clock = clock
    this.#count = count
  }

  /** Makes new codes in place of all earlier ones. */
  async renew(user: string): Promise<readonly string[]> {
    const codes = Array.from({ length: this.#count }, newCode)
    await this.remove(user)
    for (const [index, code] of codes.entries()) {
      const secret = hashOf(user, code)
      await this.#rows.upsert({ user, method, id: String(index), secret, at: this.#clock.now() })
    }
    return codes
  }

  /** Uses up a code: true once. The same work whether the user exists or not. */
  async use(user: string, code: string): Promise<boolean> {
    const hash = hashOf(user, normal(code))
    const { rows } = await this.#rows.page({ user, method })
    const match = rows.filter((row) => sameText(row.secret, hash))[0]
    return match !== undefined && (await this.#rows.take({ user, method, id: match.id, secret: hash })) !== undefined
  }

  async remove(user: string): Promise<void> {
    await this.#rows.remove({ user, method })
  }

  async left(user: string): Promise<number> {
    return (await this.#rows.page({ user, method })).rows.length
  }
}

const newCode = () =>
  Array.from({ length: groups }, () =>
    Array.from({ length: groupLength }, () => alphabet[randomInt(alphabet.length)]).join(''),
  ).join('-')

/** However it was typed: small letters, other separators. */
function normal(code: string): string {
  const letters = code.toUpperCase().replace(/[^0-9A-Z]/g, '')
  return letters.match(/.{1,6}/g)?.join('-') ?? ''
}

const hashOf = (user: string, code: string) => digest(`${user}\0${code}`)
