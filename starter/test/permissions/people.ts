/** Who asks: what each is in the group, and to Olga, who owns it. Bea is a member whom Olga has blocked. */
export const people = {
  stranger: 'sam',
  blocked: 'bea',
  'ex-member': 'eric',
  banned: 'bert',
  'read-only': 'rita',
  muted: 'mo',
  member: 'mia',
  admin: 'adam',
  owner: 'olga',
} as const
export type Role = keyof typeof people
export const roles = Object.keys(people) as readonly Role[]

/** Who is in the group, or was. */
export const members = ['olga', 'adam', 'mia', 'rita', 'mo', 'eric', 'bert', 'bea', 'tom'] as const
/** Who is spoken of: Tom is a member, Anna asks to come in, Ina is invited, Nina has nothing to do with anybody. */
export const all = [...members, 'sam', 'anna', 'ina', 'nina'] as const
export type Name = (typeof all)[number]
export type ByName<T> = Readonly<Record<Name, T>>
