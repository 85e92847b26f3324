import { definePlugin } from '@natter/core'
import * as contract from './contract.js'

export const directory = definePlugin({
  name: 'directory',
  provides: [contract.Directory],
  setup(api) {
    api.provide(contract.Directory, () => ({ nameOf: async (id) => id }))
  },
})

export const friends = definePlugin({
  name: 'friends',
  contract,
  needs: { directory: contract.Directory },
  provides: [contract.Friends],
  setup(api, { directory: names }) {
    api.provide(contract.Friends, () => ({ areFriends: async () => true }))
    api.command(contract.request, async ({ user }) => ({
      state: (await names.nameOf(user)) ? ('accepted' as const) : ('pending' as const),
    }))
    api.command(contract.list, () => ({ friends: [] }))
  },
})
