import { actsTexts } from './acts-texts.js'
import { errorText } from './error-text.js'

/** What to tell a person about an error of what they did to messages. */
export const actText = (error: unknown): string => errorText(error, actsTexts.errors)
