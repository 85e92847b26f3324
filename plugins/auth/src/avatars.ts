import { createHash } from 'node:crypto'
import { fileTypeFromBuffer } from 'file-type'
import { imageSize } from 'image-size'
import type { Records } from '@natter/core/contract'
import { AuthErrors } from './contract.js'
import type { avatar } from './contract.js'

/** Largest picture, in bytes, and the longest side, in pixels: a few bytes can unpack to more than a phone's memory. */
const maxBytes = 65_536
const maxSide = 2_048
/** By content, never by name. Not SVG, which can hold scripts. */
const types = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif'])

export interface Picture {
  readonly hash: string
  readonly type: string
  readonly bytes: Buffer
}

/** Reads a picture from base64. @throws AUTH_AVATAR_REFUSED */
export async function readPicture(base64: string): Promise<Picture> {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) throw refused('The picture is not base64.')
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length > maxBytes) throw refused(`A picture has at most ${maxBytes / 1_024} KiB.`)
  const type = (await fileTypeFromBuffer(bytes))?.mime
  if (type === undefined || !types.has(type)) throw refused('A picture is a PNG, JPEG, WebP or GIF.')
  const side = longestSide(bytes)
  if (side === undefined || side > maxSide) throw refused(`A picture has at most ${maxSide} pixels on a side.`)
  return { hash: createHash('sha256').update(bytes).digest().subarray(0, 16).toString('base64url'), type, bytes }
}

const refused = (message: string) => AuthErrors.AVATAR_REFUSED({ message })

function longestSide(bytes: Buffer): number | undefined {
  try {
    const { width, height } = imageSize(bytes)
    return Math.max(width, height)
  } catch {
    // The library throws plain errors for what is damaged; that is an answer here, not a fault.
    return undefined
  }
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
