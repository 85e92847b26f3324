/** An @ that begins a word, and the handle or the `all` behind it. */
const mention = /(?<![\p{L}\p{N}@._-])@([\p{L}\p{N}](?:[\p{L}\p{N}._-]*[\p{L}\p{N}])?)/gu
/** The same while it is being written, at the end of a text. */
const begun = /(?<![\p{L}\p{N}@._-])@([\p{L}\p{N}._-]*)$/u

/** Whom a text mentions: ids of people whose handle is known, and `@all`. At most 50, as the server takes them. */
export function mentionsIn(text: string, idOf: (handle: string) => string | undefined): readonly string[] {
  const found = [...text.matchAll(mention)].flatMap(([, name = '']) => (isAll(name) ? '@all' : (idOf(name) ?? [])))
  return [...new Set(found)].slice(0, 50)
}

/** A stretch of text; `who` where it is a mention of somebody. */
export interface MentionPart {
  readonly text: string
  readonly who?: string
}

/** Splits a text at the mentions that its sender meant: those of people whose handles these are, in lower case, and `@all`. */
export function mentionParts(text: string, meant: ReadonlyMap<string, string>): readonly MentionPart[] {
  const parts: MentionPart[] = []
  let from = 0
  for (const { 0: written, 1: name = '', index } of text.matchAll(mention)) {
    const who = meant.get(name.toLowerCase())
    if (who === undefined) continue
    if (index > from) parts.push({ text: text.slice(from, index) })
    parts.push({ text: written, who })
    from = index + written.length
  }
  if (from < text.length) parts.push({ text: text.slice(from) })
  return parts
}

/** What was written behind the @ at the end of a text, while a mention is being written. */
export const mentionBegun = (text: string): string | undefined => begun.exec(text)?.[1]

const isAll = (name: string) => name.toLowerCase() === 'all'
