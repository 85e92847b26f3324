import { NatterErrors } from '@natter/core'
import type { Authenticator } from './contract.js'

/** By name; two of one name would stand in for one another. @throws NATTER_CONFIG_INVALID */
export function authenticatorsOf(list: readonly Authenticator[]): ReadonlyMap<string, Authenticator> {
  const byName = new Map(list.map((authenticator) => [authenticator.name, authenticator]))
  if (byName.size === list.length) return byName
  const names = list.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  const message = `auth: two ways to log in are called "${twice}". Give one of them another name.`
  throw NatterErrors.CONFIG_INVALID({ message })
}
