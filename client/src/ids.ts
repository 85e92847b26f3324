const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** base64url without padding (RFC 4648 §5). */
export function base64url(bytes: ArrayLike<number>): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at
    const bits = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    for (let part = 0; part <= Math.min(left, 3); part++) text += alphabet[(bits >> (18 - 6 * part)) & 63]
  }
  return text
}

/** 22 characters: 128 random bits. */
export function randomId(randomBytes: (length: number) => Uint8Array): string {
  return base64url(randomBytes(16))
}
