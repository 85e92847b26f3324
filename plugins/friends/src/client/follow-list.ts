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
  let owner = api.me.get()?.id
  let pulling = false
  let again = false

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

  async function pull(): Promise<void> {
    again = true
    if (pulling) return
    pulling = true
    try {
      while (again) {
        again = false
        const mine = owner
        const answer = await whole()
        // Meanwhile somebody else may be here, or the store another one.
        if (mine !== owner || (version === undefined && !answer.reset)) again = true
        else {
          take(answer)
          // What changed while the pages of a whole list were read is told behind it.
          if (answer.reset && answer.version > 0) again = true
        }
      }
    } catch {
      // The client was closed, or the server has no such plugin: the next connection asks anew.
    } finally {
      pulling = false
    }
  }

  function drop(): void {
    version = undefined
    void pull()
  }

  api.me.subscribe(() => {
    const now = api.me.get()?.id
    if (now === owner) return
    const before = owner
    owner = now
    version = undefined
    if (before !== undefined) {
      contacts = new Map()
      list.set(emptyList)
    }
  })
  let online = false
  api.status.subscribe(() => {
    const was = online
    online = api.status.get().link === 'online'
    if (online && !was) void pull()
  })
  api.on('friends.changed', (hint: { readonly version: number }) => {
    if (version === undefined || hint.version > version) void pull()
  })
  api.on('reset', ({ conversation }: { readonly conversation: string | undefined }) => {
    if (conversation === undefined) drop()
  })

  return { list, contact: (user) => contacts.get(user) }
}
