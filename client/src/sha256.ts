/** The first `count` bits-of-32 of the fractional parts of roots of primes (FIPS 180-4 §4.2.2, §5.3.3). */
function fractions(count: number, power: number): number[] {
  const words: number[] = []
  for (let candidate = 2; words.length < count; candidate++) {
    let prime = true
    for (let divisor = 2; divisor * divisor <= candidate; divisor++) if (candidate % divisor === 0) prime = false
    const root = candidate ** power
    if (prime) words.push(((root - Math.floor(root)) * 2 ** 32) | 0)
  }
  return words
}

/**
 * SHA-256 (FIPS 180-4) of a short message, in one go. It is here because ids are computed synchronously and
 * `crypto.subtle` is asynchronous and absent on React Native.
 */
export function sha256(message: ArrayLike<number>): Uint8Array {
  const hash = fractions(8, 1 / 2)
  const constants = fractions(64, 1 / 3)
  const blocks = (message.length + 72) >> 6
  const padded = new DataView(new ArrayBuffer(blocks * 64))
  for (let at = 0; at < message.length; at++) padded.setUint8(at, message[at]!)
  padded.setUint8(message.length, 0x80)
  padded.setUint32(blocks * 64 - 4, message.length * 8)
  const turn = (word: number, by: number) => (word >>> by) | (word << (32 - by))
  const words = new Int32Array(64)

  for (let block = 0; block < blocks; block++) {
    for (let t = 0; t < 64; t++) {
      if (t < 16) {
        words[t] = padded.getInt32(block * 64 + t * 4)
        continue
      }
      const a = words[t - 15]!
      const b = words[t - 2]!
      const s0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)
      const s1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10)
      words[t] = words[t - 16]! + s0 + words[t - 7]! + s1
    }
    let [a, b, c, d, e, f, g, h] = hash as [number, number, number, number, number, number, number, number]
    for (let t = 0; t < 64; t++) {
      const t1 = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + constants[t]! + words[t]!) | 0
      const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
      h = g
      g = f
      f = e
      e = (d + t1) | 0
      d = c
      c = b
      b = a
      a = (t1 + t2) | 0
    }
    for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) hash[index] = (hash[index]! + word) | 0
  }
  const out = new DataView(new ArrayBuffer(32))
  for (const [index, word] of hash.entries()) out.setInt32(index * 4, word)
  return new Uint8Array(out.buffer)
}
