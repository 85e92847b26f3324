/** Names a service and carries its type. Two installed copies of one contract still meet: identity is the name. */
export interface Token<T = any, Name extends string = string> {
  readonly kind: 'token'
  readonly name: Name
  readonly '~type'?: (x: T) => T
}
/** The service that a token names. */
export type ServiceOf<K> = K extends Token<infer T, any> ? T : never

/**
 * Names a service; the type comes from the second call.
 *
 * @example
 * export const Friends: Token<Friends, 'friends'> = token('friends').of()
 */
export function token<const Name extends string>(name: Name): { of<T>(): Token<T, Name> } {
  return { of: () => ({ kind: 'token', name }) }
}
