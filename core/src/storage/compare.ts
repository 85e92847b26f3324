/** Where a UTF-16 unit stands in code-point order: surrogates (of code points above U+FFFF) come after U+E000–U+FFFF. */
const rank = (unit: number) => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800)

/**
 * Compares two values of one column: numbers by value, text by code point (which is the order of its UTF-8 bytes, and not
 * that of JavaScript's `<`).
 */
export function compareCells(a: string | number, b: string | number): number {
  if (a === b) return 0
  if (typeof a === 'number' || typeof b === 'number') return a < b ? -1 : 1
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return rank(x) - rank(y)
  }
  return a.length - b.length
}
