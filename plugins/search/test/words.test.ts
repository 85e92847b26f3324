import test from 'ava'
import fc from 'fast-check'
import { matchesIn, pieceOf } from '#src/matching.js'
import { asked, termsOf } from '#src/terms.js'
import { wordsOf } from '#src/words.js'

const of = { conversation: 'c', from: 'a' }
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...Array.from("aÄßſéİΣς日本語京界カﾞがｶกำ한국ёй 🙂\u0301_-1٣'")), maxLength: 30 }),
)
const fits = (terms: string, wanted: readonly string[]) => {
  const own = terms.split(' ')
  return wanted.every((each) =>
    each.endsWith('*') ? own.some((term) => term.startsWith(each.slice(0, -1))) : own.includes(each),
  )
}

test('terms are what the store takes, whatever the text is', (t) => {
  fc.assert(
    fc.property(texts, (text) => {
      const terms = termsOf({ text, hasFile: true }, of).split(' ')
      t.true(terms.every((term) => /^_[a-z0-9_]{2,79}$/.test(term)))
      t.true(asked(wordsOf(text)).every((term) => /^_[a-z0-9_]{1,79}\*?$/.test(term)))
    }),
    { numRuns: 1_000 },
  )
})

test('a text is found by each of its words, and by what they begin with', (t) => {
  fc.assert(
    fc.property(texts, (text) => {
      const terms = termsOf({ text, hasFile: false }, of)
      for (const word of wordsOf(text)) {
        for (let count = 1; count <= word.parts.length; count++) {
          const part = text.slice(word.parts[0]!.from, word.parts[count - 1]!.to)
          const wanted = wordsOf(part)
          if (word.kind === 'word' && count === 1 && word.parts.length > 1) continue
          t.true(fits(terms, asked(wanted)), part)
          t.truthy(matchesIn(text, wanted), part)
        }
      }
    }),
    { numRuns: 1_000 },
  )
})

test('where words match is within the text, in order, and what is shown is whole', (t) => {
  fc.assert(
    fc.property(fc.array(texts, { maxLength: 12 }), (parts) => {
      const text = parts.join(' ').toWellFormed()
      const [word] = wordsOf(text)
      if (!word) return
      const piece = pieceOf(text, matchesIn(text, [word])!)
      t.true(piece.text.isWellFormed() && piece.text.length <= 201)
      let last = -1
      for (const [from, to] of piece.matches) {
        t.true(from > last && to > from && to <= piece.text.length)
        last = to
      }
    }),
    { numRuns: 500 },
  )
})
