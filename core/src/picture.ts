/** `@natter/core/picture`: small pictures that people send for themselves and for what they share. */
import { createHash } from 'node:crypto'
import { fileTypeFromBuffer } from 'file-type'
import { imageSize } from 'image-size'
import type { ParameterizedContext } from 'koa'

/** The longest side of a picture, in pixels: a few bytes can unpack to more than a phone's memory. */
const maxSide = 2_048
/** By content, never by name. Not SVG, which can hold scripts. */
const types = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif'])

/** A picture that may be served. */
export interface Picture {
  /** 22 characters of its SHA-256. */
  readonly hash: string
  readonly type: string
  readonly bytes: Buffer
}

/**
 * Reads a picture from base64: a PNG, JPEG, WebP or GIF, by its content, of at most `maxBytes` bytes and 2,048 pixels a side.
 *
 * @returns The picture, or in English why it is none
 * @example
 * const picture = await readPicture(image, 65_536)
 * if ('refused' in picture) throw PollErrors.PICTURE_REFUSED({ message: picture.refused })
 */
export async function readPicture(base64: string, maxBytes: number): Promise<Picture | { readonly refused: string }> {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0)
    return { refused: 'The picture is not base64.' }
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length > maxBytes) return { refused: `A picture has at most ${maxBytes / 1_024} KiB.` }
  const type = (await fileTypeFromBuffer(bytes))?.mime
  if (type === undefined || !types.has(type)) return { refused: 'A picture is a PNG, JPEG, WebP or GIF.' }
  const side = longestSide(bytes)
  if (side === undefined || side > maxSide) return { refused: `A picture has at most ${maxSide} pixels on a side.` }
  return { hash: createHash('sha256').update(bytes).digest().subarray(0, 16).toString('base64url'), type, bytes }
}

/** Answers a request with a picture, inert, and kept by browsers for good: its address changes with it. */
export function givePicture(ctx: ParameterizedContext, { type, bytes }: Omit<Picture, 'hash'>): void {
  ctx.set('Content-Type', type)
  ctx.set('Cache-Control', 'public, max-age=31536000, immutable')
  ctx.set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'; sandbox")
  ctx.set('Cross-Origin-Resource-Policy', 'cross-origin')
  ctx.body = bytes
}

function longestSide(bytes: Buffer): number | undefined {
  try {
    const { width, height } = imageSize(bytes)
    return Math.max(width, height)
  } catch {
    // The library throws plain errors for what is damaged; that is an answer here, not a fault.
    return undefined
  }
}
