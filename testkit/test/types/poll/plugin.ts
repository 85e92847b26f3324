import { z } from 'zod'
import { Conversations, definePlugin, messageAllow } from '@natter/core'
import { deny } from '@natter/core/contract'
import * as contract from './contract.js'

/** The plugin of the documentation: a poll is a message, votes are records. */
export const poll = definePlugin({
  name: 'poll',
  version: '1.0.0',
  contract,
  needs: { conversations: Conversations },
  models: [contract.ballot],
  config: z.object({ maxOptions: z.int().default(10) }),
  setup(api, { conversations }, config) {
    const ballots = api.records(contract.ballot)
    const closed = api.kv('closed')

    async function tally(poll: string, options: number) {
      const counts = Array.from({ length: options }, () => 0)
      for (const { option } of (await ballots.page({ poll }, { limit: 1_000 })).rows) counts[option]! += 1
      return { poll, counts }
    }

    api.command(contract.create, async ({ with: other, question, options }, { user, device }) => {
      const body = { type: 'poll', question, options } as const
      const ack = await conversations.send<typeof contract.pollBody>(user.id, { user: other }, body, { device })
      return { id: `${ack.conversation}/${ack.durability === 'committed' ? ack.seq : 0}` }
    })

    api.command(contract.vote, async ({ poll, option }, { user }) => {
      const entry = await conversations.entry(user.id, poll, contract.pollBody)
      if (await closed.get(poll)) throw contract.PollErrors.CLOSED()
      await ballots.upsert({ poll, user: user.id, option })
      return api.publish(contract.changed, entry, await tally(poll, entry.options.length))
    })

    api.command(contract.pollClose, async ({ id }, { user }) => {
      await conversations.entry(user.id, id, contract.pollBody)
      await closed.set(id, 'yes')
      return {}
    })

    api.hook(messageAllow.of(contract.pollBody), (draft) =>
      draft.options.length > config.maxOptions ? deny(contract.PollErrors.TOO_MANY) : undefined,
    )
  },
})
