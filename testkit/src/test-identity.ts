import { connectionAuthenticate, definePlugin, isId, requestAuthenticate, Users } from '@natter/core'
import type { Principal } from '@natter/core'

/**
 * Identity for tests: the token `alice` is the user alice on a device of her own, `alice:phone` is alice on her phone.
 * Everybody exists whose id does not begin with `nobody`.
 */
export const testIdentity = definePlugin({
  name: 'test-identity',
  provides: [Users],
  setup(api) {
    api.provide(Users, () => ({
      lookup: async (ids: readonly string[]) => ids.filter(exists).map((id) => ({ id, name: id, handle: id })),
      find: async (handle: string) => (exists(handle) ? { id: handle, name: handle, handle } : undefined),
      exists: async (id: string) => exists(id),
    }))
    api.hook(connectionAuthenticate, ({ token }) => (token === undefined ? undefined : principal(token)))
    api.hook(requestAuthenticate, ({ token }) => (token === undefined ? undefined : principal(token)))
  },
})

const exists = (id: string) => !id.startsWith('nobody')

function principal(token: string): Principal | undefined {
  const [user = '', device = 'main'] = token.split(':')
  if (!isId(user) || !isId(device) || !exists(user)) return undefined
  return { user, device: `${user}-${device}`, session: `${user}-${device}-session` }
}
