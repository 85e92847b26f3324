import type { CommandContext, PluginApi, Principal } from '@natter/core'
import * as contract from './contract.js'
import type { Desk } from './desk.js'

/** Answers the commands: what somebody who is logged in does often. */
export function answerCommands(api: PluginApi<typeof contract>, desk: () => Desk): void {
  api.command(contract.find, (input, { user }) => desk().questions.find(input, user.id))
  api.command(contract.lookup, (input) => desk().questions.lookup(input))
  api.command(contract.me, (_input, { user }) => desk().own.get(user.id))
  api.command(contract.profile, (input, { user }) => desk().own.setProfile(user.id, input))
  api.command(contract.devices, (_input, context) => desk().devices.list(principalOf(context)))
  api.command(contract.nameDevice, (input, context) => desk().devices.rename(input, principalOf(context)))
  api.command(contract.revokeDevice, (input, context) => desk().devices.revoke(input, principalOf(context)))
  api.command(contract.logoutEverywhere, (input, context) => desk().devices.everywhere(input, principalOf(context)))
  api.command(contract.changePassword, (input, context) => desk().passwordChange.change(input, principalOf(context)))
}

const principalOf = ({ user, device, session }: CommandContext): Principal => ({ user: user.id, device, session })
