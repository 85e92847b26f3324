import type { Records } from '@natter/core/contract'
import { readPicture } from '@natter/core/picture'
import type { Picture } from '@natter/core/picture'
import { AuthErrors } from './contract.js'
import type { avatar } from './contract.js'

/** Largest picture, in bytes. */
const maxBytes = 65_536

/** Reads the picture of a person from base64. @throws AUTH_AVATAR_REFUSED */
export async function readAvatar(base64: string): Promise<Picture> {
  const picture = await readPicture(base64, maxBytes)
  if ('refused' in picture) throw AuthErrors.AVATAR_REFUSED({ message: picture.refused })
  return picture
}

/** The pictures of people, one each. */
export class Pictures {
  readonly #rows: Records<typeof avatar>

  constructor(rows: Records<typeof avatar>) {
    this.#rows = rows
  }

  async keep(user: string, { hash, type, bytes }: Picture): Promise<void> {
    await this.#rows.upsert({ user, hash, type, data: bytes.toString('base64') })
  }

  async find(user: string, hash: string): Promise<Picture | undefined> {
    const row = await this.#rows.get({ user })
    return row?.hash === hash ? { hash, type: row.type, bytes: Buffer.from(row.data, 'base64') } : undefined
  }

  async remove(user: string): Promise<void> {
    await this.#rows.take({ user })
  }
}
