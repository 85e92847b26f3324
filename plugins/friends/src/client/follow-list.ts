import { follow } from '@natter/client'
import type { ClientApi } from '@natter/client'
import type { OutputOf } from '@natter/core/contract'
import type { Contact, FriendGroup, Privacy, sync } from '../contract.js'
import { emptyList, friendList } from './friend-list.js'
import type { OwnList } from './friend-list.js'

type Answer = OutputOf<(typeof sync)['output']>

/** Keeps my list as the server has it: on connecting, when it says that something changed, and after a reset. */
export function followList(api: ClientApi): OwnList {
  const list = api.cell(emptyList)
  let contacts = new Map<string, Contact>()
  let groups: readonly FriendGroup[] = []
  let privacy: Privacy | undefined
  let version: number | undefined

  const ask = (input: object) => api.ask('friends.sync', input) as Promise<Answer>

  /** One answer with all of its pages. */
  async function whole(): Promise<Answer> {
    const first = await ask(version === undefined ? {} : { after: version })
    let { next } = first
    while (next !== undefined) {
      const page = await ask({ page: next })
      first.contacts.push(...page.contacts)
      next = page.next
    }
    return first
  }

  function take(answer: Answer): void {
    if (answer.reset) contacts = new Map()
    for (const user of answer.gone) contacts.delete(user)
    for (const contact of answer.contacts) contacts.set(contact.user, contact)
    groups = answer.groups ?? groups
    privacy = answer.privacy ?? privacy
    version = answer.version
    list.set(friendList(contacts.values(), groups, privacy))
  }

  const { again } = follow(api, {
    async read() {
      const answer = await whole()
      return () => {
        take(answer)
        // What changed while the pages of a whole list were read is told behind it.
        return answer.reset && answer.version > 0
      }
    },
    forget(why) {
      version = undefined
      // Another store may have the same list: it is shown until that one was read.
      if (why === 'reset') return
      contacts = new Map()
      groups = []
      privacy = undefined
      list.set(emptyList)
    },
  })
  api.on('friends.changed', (hint: { readonly version: number }) => {
    if (version === undefined || hint.version > version) again()
  })

  return { list, contact: (user) => contacts.get(user) }
}
