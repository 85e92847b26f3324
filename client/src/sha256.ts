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
export function sha256(message: ArrayLike<number>): number[] {
  const hash = fractions(8, 1 / 2)
  const constants = fractions(64, 1 / 3)
  const blocks = (message.length + 72) >> 6
  const input = new Int32Array(blocks * 16)
  const put = (byte: number, at: number) => (input[at >> 2]! |= byte << (24 - (at & 3) * 8))
  for (let at = 0; at < message.length; at++) put(message[at]!, at)
  put(0x80, message.length)
  input[input.length - 1] = message.length * 8
  const turn = (word: number, by: number) => (word >>> by) | (word << (32 - by))
  const words = new Int32Array(64)

  for (let block = 0; block < blocks; block++) {
    let [a, b, c, d, e, f, g, h] = hash as [number, number, number, number, number, number, number, number]
    for (let t = 0; t < 64; t++) {
      const x = words[t - 15]!
      const y = words[t - 2]!
      words[t] =
        t < 16
          ? input[block * 16 + t]!
          : words[t - 16]! +
            (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) +
            words[t - 7]! +
            (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10))
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
    ;[a, b, c, d, e, f, g, h].forEach((word, at) => (hash[at] = (hash[at]! + word) | 0))
  }
  return hash.flatMap((word) => [24, 16, 8, 0].map((by) => (word >>> by) & 255))
}
