import { en } from './en.js'
import type { Texts } from './en.js'

/** The texts in use. With a second catalogue, choose here by `navigator.languages`. */
export const texts: Texts = en

/** The language for dates and times: the reader's own kind of it, such as en-GB, where it is the texts' language. */
export const locale: string =
  globalThis.navigator?.languages?.find((tag) => tag === texts.language || tag.startsWith(`${texts.language}-`)) ??
  texts.language
