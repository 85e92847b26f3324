/** A word, or a run of a script that is written without spaces, and where it is. */
export interface Word {
  readonly kind: 'word' | 'run'
  /** Of a word one part, of a run one for each character. */
  readonly parts: readonly Part[]
  readonly folded: string
}
interface Part {
  readonly folded: string
  /** From and to in the text, in UTF-16 units. */
  readonly from: number
  readonly to: number
}

/** A character with the marks on it; the sound marks of half-width kana are letters of their own. */
const characters = /\P{M}[\p{M}\uff9e\uff9f]*/gu
const spaceless =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー々〆]/u
const inWord = /[\p{L}\p{N}]/u

/**
 * Folds a character: of its forms one (NFKC), of its cases one (`ß` is `ss`), and Latin letters without their marks. Marks of other
 * scripts make another letter, as `й` and `が` are not `и` and `か`.
 */
function fold(character: string): string {
  const text = character.normalize('NFKC').toUpperCase().toLowerCase()
  return /^\p{Script=Latin}/u.test(text) ? text.normalize('NFKD').replace(/\p{M}/gu, '') : text.normalize('NFKC')
}

/** The words of a text. */
export function wordsOf(text: string): readonly Word[] {
  const words: Word[] = []
  let kind: Word['kind'] | undefined
  let parts: Part[] = []
  const end = () => {
    if (kind) words.push({ kind, parts, folded: parts.map(({ folded }) => folded).join('') })
    kind = undefined
    parts = []
  }
  for (const { 0: character, index: from } of text.matchAll(characters)) {
    const folded = fold(character)
    const is = spaceless.test(folded) ? 'run' : inWord.test(folded) ? 'word' : undefined
    if (is !== kind) end()
    kind = is
    if (is) parts.push({ folded, from, to: from + character.length })
  }
  end()
  return words
}
