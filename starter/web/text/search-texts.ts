import { searchEn } from './search-en.js'
import type { SearchTexts } from './search-en.js'

/** The texts of what one looks for: they come with the first search. */
export const searchTexts: SearchTexts = searchEn
