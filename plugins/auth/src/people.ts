import { NatterErrors } from '@natter/core'
import type { Profile, Runner, userShow, Users } from '@natter/core'
import { isDenied } from '@natter/core/contract'
import type { AccountBook } from './accounts.js'
import { profileOf } from './accounts.js'
import type { Limit } from './limits.js'

/** The service `users`, from our own accounts. */
export const people = (accounts: AccountBook): Users => ({
  lookup: async (ids) => (await accounts.byIds(ids)).map(profileOf),
  async find(handle) {
    const account = await accounts.byHandle(handle)
    return account && profileOf(account)
  },
  exists: async (id) => (await accounts.get(id)) !== undefined,
})

/** What people ask about people. The same for own accounts and for a host's. */
export const questions = (users: Users, limit: Limit, show: Runner<typeof userShow>) => ({
  async find({ handle }: { readonly handle: string }, asking: string): Promise<Profile> {
    await limit.spend(asking)
    const found = await users.find(handle)
    if (!found) throw NatterErrors.NOT_AVAILABLE()
    const verdict = await show({ user: found.id, to: asking, why: 'find' }, undefined)
    if (isDenied(verdict)) throw verdict.error
    return found
  },
  async lookup({ ids }: { readonly ids: readonly string[] }): Promise<{ profiles: Profile[] }> {
    return { profiles: [...(await users.lookup(ids))] }
  },
})
