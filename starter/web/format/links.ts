/** A stretch of text, with the address it leads to if it is a link. */
export interface TextPart {
  readonly text: string
  readonly href?: string
}

const candidate = /\b(?:https?:\/\/|www\.)[^\s<>"'`]+/giu
const openers: Record<string, string> = { ')': '(', ']': '[', '}': '{' }

/** Splits a text at its web addresses. Only http and https become links. */
export function textParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = []
  let from = 0
  for (const match of text.matchAll(candidate)) {
    const shown = withoutTrail(match[0])
    const href = address(shown)
    if (!href) continue
    if (match.index > from) parts.push({ text: text.slice(from, match.index) })
    parts.push({ text: shown, href })
    from = match.index + shown.length
  }
  if (from < text.length) parts.push({ text: text.slice(from) })
  return parts
}

/** Punctuation at the end belongs to the sentence, and so does a bracket that was not opened inside. */
function withoutTrail(url: string): string {
  const left = new Map<string, number>()
  for (const sign of url) left.set(sign, (left.get(sign) ?? 0) + 1)
  let end = url.length
  for (; end > 0; end--) {
    const last = url[end - 1] ?? ''
    const count = left.get(last) ?? 0
    const opener = openers[last]
    const unbalanced = opener !== undefined && count > (left.get(opener) ?? 0)
    if (!/[.,;:!?…'’"”»*_~]/u.test(last) && !unbalanced) break
    left.set(last, count - 1)
  }
  return url.slice(0, end)
}

/** What the browser is to open: `candidate` lets only http and https through. */
function address(text: string): string | undefined {
  const url = /^www\./iu.test(text) ? `https://${text}` : text
  if (!URL.canParse(url)) return undefined
  const { hostname, href } = new URL(url)
  return hostname.includes('.') || hostname === 'localhost' ? href : undefined
}

const picture = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0f|\s)+$/u
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Whether a text is one to three emoji and nothing else. */
export function isOnlyEmoji(text: string): boolean {
  const tight = text.replaceAll(/\s/gu, '')
  return tight.length > 0 && tight.length <= 40 && picture.test(tight) && [...graphemes.segment(tight)].length <= 3
}
