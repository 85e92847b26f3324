import { createHash } from 'node:crypto'
import { wordsOf } from './words.js'
import type { Word } from './words.js'

/** What a term of the index may be long. Words that are longer are told apart when they are read. */
const longest = 80
/** Different terms of one message. What is behind them is not found by. */
const mostTerms = 2_000
/** Terms by which one search asks the index; what it has more is looked at in the messages. */
const mostAsked = 24

/** Letters and digits as they are, else the number of a character in five: what begins a word begins its term. */
function term(folded: string): string {
  let text = '_t'
  for (const character of folded) {
    const next = /[a-z0-9]/.test(character) ? character : `_${character.codePointAt(0)!.toString(36).padStart(4, '0')}`
    if (text.length + next.length > longest - 1) break
    text += next
  }
  return text
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 24)
/** The term of all messages in a conversation, of a sender, with a file. */
export const conversationTerm = (conversation: string): string => `_c${digest(conversation)}`
export const senderTerm = (user: string): string => `_f${digest(user)}`
export const fileTerm = '_hf'

/** Of a run each two characters that follow each other, and the last alone: so any part of it is found. */
const pairs = ({ parts }: Word) => parts.map(({ folded }, i) => term(folded + (parts[i + 1]?.folded ?? '')))

/** The terms of a message, each once. */
export function termsOf(
  { text, hasFile }: { readonly text: string; readonly hasFile: boolean },
  { conversation, from }: { readonly conversation: string; readonly from: string },
): string {
  const words = wordsOf(text)
  if (words.length === 0 && !hasFile) return ''
  const terms = new Set([conversationTerm(conversation), senderTerm(from), ...(hasFile ? [fileTerm] : [])])
  for (const word of words) {
    for (const each of word.kind === 'run' ? pairs(word) : [term(word.folded)]) terms.add(each)
    if (terms.size >= mostTerms) break
  }
  return [...terms].slice(0, mostTerms).join(' ')
}

/** The terms that a message has which has these words. One letter stands for itself: too much begins with it. */
export function asked(words: readonly Word[]): readonly string[] {
  const terms = words.flatMap((word) => {
    if (word.kind === 'run') return word.parts.length === 1 ? [`${term(word.folded)}*`] : pairs(word).slice(0, -1)
    return [isOneLetter(word) ? term(word.folded) : `${term(word.folded)}*`]
  })
  return [...new Set(terms)].slice(0, mostAsked)
}

export const isOneLetter = ({ parts }: Word): boolean => parts.length === 1
