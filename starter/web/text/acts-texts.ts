import { actsEn } from './acts-en.js'
import type { ActsTexts } from './acts-en.js'

/** The texts of what one does to messages: they come with the conversations. */
export const actsTexts: ActsTexts = actsEn
