import { AuthErrors } from './contract.js'

/** Whether a new password is good enough. Resolves, or rejects with AUTH_PASSWORD_WEAK. */
export type PasswordRules = (password: string, about: { readonly handle: string }) => Promise<void>

const longest = 128

/**
 * Length, and not one of the common passwords: no rules of composition (OWASP ASVS 5.0 §6.2, NIST SP 800-63B §3.1.1).
 * The list is loaded when it is first needed.
 */
export function passwordRules(options: { readonly minLength: number }): PasswordRules {
  let common: Promise<ReadonlySet<string>> | undefined
  return async (password, { handle }) => {
    const normal = password.normalize('NFC')
    const length = [...normal].length
    if (length < options.minLength) throw weak(`A password has at least ${options.minLength} characters.`)
    if (length > longest) throw weak(`A password has at most ${longest} characters.`)
    const folded = normal.toLowerCase()
    if (folded === handle.toLowerCase()) throw weak('A password is not the handle. Choose another.')
    common ??= commonPasswords()
    if ((await common).has(folded)) throw weak('This is one of the most common passwords. Choose another.')
  }
}

const weak = (message: string) => AuthErrors.PASSWORD_WEAK({ message })

async function commonPasswords(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  return new Set(dictionary['passwords-common'].filter((password) => password.length >= 8))
}
