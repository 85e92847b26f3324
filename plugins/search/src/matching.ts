import { isOneLetter } from './terms.js'
import { wordsOf } from './words.js'
import type { Word } from './words.js'

export type Range = readonly [from: number, to: number]

/** How much of a message an answer shows, and how much of that stands before the first match, in UTF-16 units. */
const shown = 200
const before = 60
const mostMatches = 50

/** Where a text has these words; nothing where it lacks one. */
export function matchesIn(text: string, wanted: readonly Word[]): readonly Range[] | undefined {
  const words = wordsOf(text)
  const found: Range[] = []
  for (const each of wanted) {
    const places = words.flatMap((word) => placesIn(word, each))
    if (places.length === 0) return undefined
    found.push(...places)
  }
  return joined(found)
}

function placesIn(word: Word, wanted: Word): readonly Range[] {
  if (word.kind !== wanted.kind) return []
  const { parts } = word
  if (word.kind === 'run') {
    const count = wanted.parts.length
    return parts.flatMap(({ from }, i): Range[] => {
      const same = wanted.parts.every(({ folded }, k) => parts[i + k]?.folded === folded)
      return same ? [[from, parts[i + count - 1]!.to]] : []
    })
  }
  const fits = isOneLetter(wanted) ? word.folded === wanted.folded : word.folded.startsWith(wanted.folded)
  return fits ? [[parts[0]!.from, parts.at(-1)!.to]] : []
}

/** In order, those that touch as one. */
function joined(ranges: readonly Range[]): readonly Range[] {
  const all: [number, number][] = []
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = all.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else all.push([from, to])
  }
  return all
}

/** A piece of a text around its first match, and the matches in it. */
export function pieceOf(text: string, matches: readonly Range[]) {
  const first = matches[0]?.[0] ?? 0
  const from = whole(text, Math.max(0, Math.min(first - before, text.length - shown)))
  const to = whole(text, Math.min(text.length, from + shown))
  const inside = matches
    .filter((match) => match[0] >= from && match[1] <= to)
    .slice(0, mostMatches)
    .map(([start, end]): [number, number] => [start - from, end - from])
  const cut: [boolean, boolean] = [from > 0, to < text.length]
  return { text: text.slice(from, to), matches: inside, cut }
}

/** Not between the halves of a character. */
const whole = (text: string, at: number) => (/[\udc00-\udfff]/.test(text[at] ?? '') ? at - 1 : at)
