import { reservedHandles } from './reserved-handles.js'
import { skeletonOf } from './skeleton.js'

/** A handle that may be registered. */
export interface Handle {
  /** What is compared: lower case, normalised. */
  readonly handle: string
  /** What is shown: as it was written, unless its capitals look like other letters. */
  readonly written: string
  /** What look-alikes share. */
  readonly skeleton: string
}

/**
 * Reads a handle: the UsernameCaseMapped profile of PRECIS (RFC 8265 §3.3), and stricter: letters and ASCII digits of
 * one script with single `.`, `_` or `-` between them, 2 to 32 code points with at least one letter, no compatibility
 * characters, no invisible ones. Nothing when it may not be registered.
 */
export function parseHandle(text: string, reserved: ReadonlySet<string> = reservedSkeletons([])): Handle | undefined {
  const written = mapWidth(text).normalize('NFC')
  const handle = comparableHandle(text)
  const length = [...handle].length
  if (length < 2 || length > 32) return undefined
  if (handle.normalize('NFKC') !== handle || written.normalize('NFKC') !== written) return undefined
  if (!shape.test(handle) || !letter.test(handle)) return undefined
  if (disallowed.test(handle) || piled.test(handle)) return undefined
  if (!scripts.some((script) => script.test(handle))) return undefined
  if (rightToLeft.test(handle) && !/^\p{L}/u.test(handle)) return undefined
  const skeleton = skeletonOf(handle)
  if (skeleton.length > 128 || reserved.has(unseparated(skeleton))) return undefined
  return { handle, written: skeletonOf(written) === skeleton ? written : handle, skeleton }
}

/** The form in which handles are compared: width-mapped, lower case, NFC. For any text, valid or not. */
export function comparableHandle(text: string): string {
  // A capital I with dot becomes two characters that look like one i; it is meant as one.
  return mapWidth(text).toLowerCase().replaceAll('i\u0307', 'i').normalize('NFC')
}

/** The skeletons that nobody may register. */
export const reservedSkeletons = (more: readonly string[]): ReadonlySet<string> =>
  new Set([...reservedHandles, ...more].map((name) => unseparated(skeletonOf(comparableHandle(name)))))

const unseparated = (skeleton: string) => skeleton.replace(/[._-]/g, '')

/** Full- and half-width forms only, as RFC 8265 asks: other compatibility characters are refused, not mapped. */
const mapWidth = (text: string) => text.replace(/[\u3000\uff01-\uffee]+/g, (wide) => wide.normalize('NFKC'))

/** Words of letters, marks (at most four in a row, as Khmer has them) and digits, joined by single separators. */
const shape = /^(?:[\p{L}0-9]\p{M}{0,4})+(?:[._-](?:[\p{L}0-9]\p{M}{0,4})+)*$/u
const letter = /\p{L}/u
/** PRECIS exceptions, invisible characters, and old Hangul jamo, which compose into what they do not look like (RFC 8264 §9). */
const disallowed =
  /[\u0640\u07fa\u302e\u302f\u3031-\u3035\u303b\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]|\p{Default_Ignorable_Code_Point}|[ij]\u0307/u
/** These scripts compose; what is left over is at most one mark. */
const piled = /[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}]\p{M}{2}/u
const rightToLeft = /[\p{scx=Hebrew}\p{scx=Arabic}\p{scx=Thaana}]/u

/** The recommended scripts (UAX #31, table 5), one per handle; those of Japanese, Korean and Bopomofo come with Han (UTS #39 §5.2). */
const scripts = [
  ['Latin'],
  ['Greek'],
  ['Cyrillic'],
  ['Armenian'],
  ['Hebrew'],
  ['Arabic'],
  ['Thaana'],
  ['Devanagari'],
  ['Bengali'],
  ['Gurmukhi'],
  ['Gujarati'],
  ['Oriya'],
  ['Tamil'],
  ['Telugu'],
  ['Kannada'],
  ['Malayalam'],
  ['Sinhala'],
  ['Thai'],
  ['Lao'],
  ['Tibetan'],
  ['Myanmar'],
  ['Georgian'],
  ['Ethiopic'],
  ['Khmer'],
  ['Han', 'Hiragana', 'Katakana'],
  ['Han', 'Hangul'],
  ['Han', 'Bopomofo'],
].map((names) => new RegExp(`^[0-9._\\-\\p{sc=Inherited}${names.map((name) => `\\p{scx=${name}}`).join('')}]+$`, 'u'))
