import { z } from 'zod'
import { definePlugin, messageAllow } from '@natter/core'
import { deny } from '@natter/core/contract'
import * as contract from './contract.js'
import { shouts } from './shouts.js'

/**
 * Answers what is said to it, counts its answers, and keeps shouting out of the chat.
 *
 * @example
 * createChat({ plugins: [storageSql(), auth(), offline(), echo({ quietFrom: 12 })] })
 */
export const echo = definePlugin({
  name: 'echo',
  version: '1.0.0',
  contract,
  models: [contract.tally],
  config: z.object({
    /** A message of at least so many letters, all of them capitals, is shouting. */
    quietFrom: z.int().min(2).max(200).default(8),
  }),
  setup(api, _services, { quietFrom }) {
    const tallies = api.records(contract.tally)

    async function counted(user: string): Promise<number> {
      const raise = async () => (await tallies.updateIf({ user }, {}, { times: 1 }))?.times
      const raised = await raise()
      if (raised !== undefined) return raised
      // Two first calls may race: one of them inserts, and the other finds its row.
      return (await tallies.insert({ user, times: 1 })) === 'inserted' ? 1 : ((await raise()) ?? 1)
    }

    api.command(contract.say, async ({ text }, { user }) => {
      const times = await counted(user.id)
      return api.publish(contract.answered, { user: user.id }, { text, times })
    })

    api.route(contract.count, async (_input, { user }) => ({
      times: (await tallies.get({ user: user.id }))?.times ?? 0,
    }))

    api.hook(messageAllow, (draft) =>
      draft.type === 'text' && shouts(draft.text, quietFrom) ? deny(contract.EchoErrors.SHOUTING) : undefined,
    )
  },
})
