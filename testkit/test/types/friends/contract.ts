import { z } from 'zod'
import { command, defineErrors, event, token } from '@natter/core/contract'
import type { Token } from '@natter/core/contract'
import { id } from '@natter/core/schema'

export interface Friends {
  areFriends(a: string, b: string): Promise<boolean>
}
export const Friends: Token<Friends, 'friends'> = token('friends').of()
export interface Directory {
  nameOf(id: string): Promise<string>
}
export const Directory: Token<Directory, 'directory'> = token('directory').of()
export const request = command('friends.request', {
  input: z.object({ user: id }),
  output: z.object({ state: z.enum(['pending', 'accepted']) }),
})
export const list = command('friends.list', {
  input: z.object({ limit: z.int().default(50) }),
  output: z.object({ friends: z.array(z.object({ id, name: z.string() })) }),
})
export const changed = event(
  'friends.changed',
  z.object({ user: id, state: z.enum(['pending', 'accepted', 'removed']) }),
)
export const FriendsErrors = defineErrors('FRIENDS', {
  BLOCKED: { status: 403, message: 'x' },
  SELF: { status: 422, message: 'x' },
})
