import { AuthErrors } from './contract.js'

/** Whether a new password is good enough. Resolves, or rejects with AUTH_PASSWORD_WEAK. */
export type PasswordRules = (password: string, about: { readonly handle: string }) => Promise<void>

const longest = 128

/** So few characters beside a word are the first that anybody tries. */
const fewest = 4

/**
 * Length, and neither a common password nor little more than the handle or a word of this place: no rules of composition
 * (OWASP ASVS 5.0 §6.2, NIST SP 800-63B §3.1.1). The list is loaded when it is first needed.
 */
export function passwordRules(options: {
  readonly minLength: number
  readonly words: readonly string[]
}): PasswordRules {
  const words = options.words.map(folded)
  let common: Promise<ReadonlySet<string>> | undefined
  return async (password, { handle }) => {
    const normal = password.normalize('NFC')
    const length = [...normal].length
    if (length < options.minLength) throw weak(`A password has at least ${options.minLength} characters.`)
    if (length > longest) throw weak(`A password has at most ${longest} characters.`)
    const compared = folded(password)
    if (isLittleMore(compared, folded(handle))) throw weak('A password is more than the handle. Choose another.')
    if (words.some((word) => isLittleMore(compared, word)))
      throw weak('A password is more than a word of this place. Choose another.')
    common ??= commonPasswords()
    if ((await common).has(compared)) throw weak('This is one of the most common passwords. Choose another.')
  }
}

const folded = (text: string) => text.normalize('NFC').toLowerCase()
const isLittleMore = (password: string, word: string) =>
  word !== '' && password.includes(word) && [...password.replaceAll(word, '')].length < fewest

const weak = (message: string) => AuthErrors.PASSWORD_WEAK({ message })

async function commonPasswords(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  return new Set(dictionary['passwords-common'].filter((password) => password.length >= 8))
}
