import { texts } from './texts.js'

interface Coded {
  readonly code: string
  readonly message: string
  readonly retryAfterMs?: number | undefined
}

export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && typeof (error as { code?: unknown }).code === 'string'
    ? (error as unknown as Coded).code
    : undefined

type Catalogue = Readonly<Record<string, unknown>>

/** What to tell a person about an error: the words of `more` or of the catalogue for its code, else the server's. */
export function errorText(error: unknown, more?: Catalogue): string {
  return coded(codeOf(error), error, more)
}

/** The same for an error of which nothing but the code came. */
export const codeText = (code: string, more?: Catalogue): string => coded(code, {}, more)

function coded(code: string | undefined, error: unknown, more: Catalogue = {}): string {
  if (!code) return texts.errors.unknown
  const { message, retryAfterMs } = error as Partial<Coded>
  const known = more[code] ?? (texts.errors as Catalogue)[code]
  const text = typeof known === 'string' ? known : message || texts.errors.unknown
  const seconds = retryAfterMs && code === 'NATTER_RATE_LIMITED' ? Math.ceil(retryAfterMs / 1000) : 0
  return seconds ? texts.errors.waitFor(text, seconds) : text
}
