import { accountEn } from './account-en.js'
import type { AccountTexts } from './account-en.js'

/** The texts of the way in and of the account: their pages come when they are wanted, and these with them. */
export const accountTexts: AccountTexts = accountEn
