import {
  Clock,
  Conversations,
  definePlugin,
  entryHidden,
  messageRewriting,
  userAudience,
  userErased,
  Users,
  userShow,
} from '@natter/core'
import { Storage } from '@natter/core/contract'
import { searchConfig } from './config.js'
import * as contract from './contract.js'
import { Feed } from './feed.js'
import { Messages } from './messages.js'
import { FindPeople } from './people.js'
import { erasureOf } from './person.js'
import { searchableBy } from './searchable.js'
import { TextIndex } from './text-index.js'

/**
 * Finds messages by their words, sender, conversation, time and files, as far as who asks may read them, and people as far as
 * they let themselves be found. The words are in the full-text index of the store.
 *
 * @example
 * createChat({ plugins: [storageSql(), auth(), offline(), search()] })
 */
export const search = definePlugin({
  name: 'search',
  version: '1.0.0',
  contract,
  needs: { storage: Storage, conversations: Conversations, users: Users, clock: Clock },
  models: [contract.textRow, contract.place, contract.position],
  config: searchConfig,
  setup(api, { storage, conversations, users, clock }, config) {
    const rows = api.records(contract.textRow)
    const bodies = searchableBy(api.runner(contract.searchBody))
    const index = new TextIndex(rows, bodies)
    const feed = new Feed({
      storage,
      places: api.records(contract.place),
      positions: api.records(contract.position),
      index,
      clock,
      logger: api.log,
    })
    const hidden = api.runner(entryHidden)
    const messages = new Messages({ storage, conversations, rows, index, bodies, hidden, looked: config.looked })
    const audience = api.runner(userAudience)
    const people = new FindPeople({ users, audience, show: api.runner(userShow), directory: config.people })

    // Before the entry is another: what it said is found by nobody from then on, and what it says is found once it says so.
    api.hook(messageRewriting, async ({ conversation, seq, by, after }) => {
      const [entry] = await storage.log.range(conversation, { from: seq, to: seq, limit: 1, bytes: 1 })
      if (entry) await index.rewritten(entry, by, after)
      return []
    })
    api.hook(userErased, (erasure) => erasureOf({ storage, rows, index }, erasure), { after: ['offline'] })

    api.command(contract.messages, (input, { user }) => messages.find(user.id, input))
    api.command(contract.people, ({ text, limit }, { user }) => people.find(user.id, text, limit))

    return {
      start: () => feed.start(),
      stop: () => feed.stop(),
    }
  },
})
