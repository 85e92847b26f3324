import type { RelationChange } from './contract.js'
import type { Seen } from './seen.js'

/** What listeners hear of a step that `user` took. */
export function changesOf(user: string, other: string, before: Seen, after: Seen): readonly RelationChange[] {
  const kinds: RelationChange['kind'][] = []
  if (before.is !== 'friend' && after.is === 'friend') kinds.push('added')
  if (before.is === 'friend' && after.is !== 'friend') kinds.push('removed')
  if (before.blocks === undefined && after.blocks !== undefined) kinds.push('blocked')
  if (before.blocks !== undefined && after.blocks === undefined) kinds.push('unblocked')
  return kinds.map((kind) => ({ kind, user, other }) as RelationChange)
}
