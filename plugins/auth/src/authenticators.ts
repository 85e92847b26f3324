import type { Authenticator } from './contract.js'

/** By name; two of one name would stand in for one another. */
export function authenticatorsOf(list: readonly Authenticator[]): ReadonlyMap<string, Authenticator> {
  const byName = new Map(list.map((authenticator) => [authenticator.name, authenticator]))
  if (byName.size === list.length) return byName
  const names = list.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  throw new Error(`Two ways to log in are called "${twice}". Give one of them another name.`)
}
