import { togetherEn } from './together-en.js'
import type { TogetherTexts } from './together-en.js'

/** The texts of friends, groups and what one sets for conversations: their pages come when they are wanted, and these with them. */
export const togetherTexts: TogetherTexts = togetherEn
