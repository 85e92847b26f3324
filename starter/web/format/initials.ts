const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const first = (word: string) => segments.segment(word)[Symbol.iterator]().next().value?.segment ?? ''

/** Up to two letters that stand for a person without a picture. */
export function initials(name: string): string {
  const words = name
    .trim()
    .split(/[\s._-]+/u)
    .filter(Boolean)
  const [a, b] = [words[0], words.length > 1 ? words.at(-1) : undefined]
  return ((a ? first(a) : '') + (b ? first(b) : '')).toLocaleUpperCase()
}

/** One of `count` colours, always the same for the same id. */
export function hueOf(id: string, count: number): number {
  let hash = 0
  for (let i = 0; i < id.length; i++) hash = (hash * 31 + id.charCodeAt(i)) >>> 0
  return hash % count
}
