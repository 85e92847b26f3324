import { follow } from '@natter/client'
import type { ClientApi, Readable } from '@natter/client'
import type { InputOf, OutputOf } from '@natter/core/contract'
import type { Group, invitations } from '../contract.js'

type Answer = OutputOf<(typeof invitations)['output']>
/** A group that I am invited to. */
export type Invitation = Answer['invitations'][number]

/** What `chat.groups` has beside its calls. */
export interface OwnGroups {
  /** A group as it is for me; nothing until it is read, and where it is not mine. Asked for twice it is the same value. */
  of(group: string): Readable<Group | undefined>
  /** What I am invited to, from the first time that somebody asks. */
  readonly invited: () => Readable<readonly Invitation[]>
}

/** A value that is read at once, and again when it may be another. What cannot be read for now stays as it was. */
function followed<T>(api: ClientApi, start: T, read: () => Promise<T>) {
  const cell = api.cell(start)
  const { again } = follow(api, {
    async read() {
      const value = await read()
      return () => cell.set(value)
    },
    forget: () => cell.set(start),
  })
  again()
  return { cell, again }
}

/** Follows the groups that somebody asked for, by what happens in them and after each absence. */
export function ownGroups(api: ClientApi): OwnGroups {
  const groups = new Map<string, ReturnType<typeof followed<Group | undefined>>>()
  let invited: ReturnType<typeof followed<readonly Invitation[]>> | undefined

  async function read(group: string): Promise<Group | undefined> {
    try {
      return (await api.ask('groups.get', { group })) as Group
    } catch (error) {
      if ((error as { readonly code?: unknown }).code === 'NATTER_NOT_FOUND') return undefined
      throw error
    }
  }

  async function readInvitations(): Promise<readonly Invitation[]> {
    const all: Invitation[] = []
    let page: string | undefined
    do {
      const input: InputOf<(typeof invitations)['input']> = page === undefined ? {} : { page }
      const answer = (await api.ask('groups.invitations', input)) as Answer
      all.push(...answer.invitations)
      page = answer.next
    } while (page !== undefined)
    return all
  }

  api.on('message', ({ type, conversation }: { readonly type: string; readonly conversation: string }) => {
    if (type === 'group') groups.get(conversation)?.again()
  })
  api.on('groups.out', ({ group }: { readonly group: string }) => groups.get(group)?.again())
  api.on('groups.invited', () => invited?.again())

  return {
    of(group) {
      let own = groups.get(group)
      if (!own) {
        own = followed<Group | undefined>(api, undefined, () => read(group))
        groups.set(group, own)
      }
      return own.cell
    },
    invited: () => (invited ??= followed<readonly Invitation[]>(api, [], readInvitations)).cell,
  }
}
