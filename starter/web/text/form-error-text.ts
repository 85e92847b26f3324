import { codeText, errorText } from './error-text.js'
import { formErrorsEn } from './form-errors-en.js'
import type { FormErrors } from './form-errors-en.js'

/** In the language in use. */
export const formErrors: FormErrors = formErrorsEn

/** What to tell a person about an error of a form or a page of its own. */
export const formErrorText = (error: unknown): string => errorText(error, formErrors)

/** The same for an error of which nothing but the code came. */
export const formCodeText = (code: string): string => codeText(code, formErrors)
