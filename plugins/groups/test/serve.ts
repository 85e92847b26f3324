import { groups } from '@natter/groups'
import { offline } from '@natter/offline'
import { createTestNodes, createTestServer } from '@natter/testkit'
import type { TestContext } from '@natter/testkit'

type Config = Parameters<typeof groups>[0]
type Settings = Parameters<Person['groups']['create']>[0]['settings']

/** A server with groups on it, in memory unless told otherwise. */
export const serve = (t: TestContext, config: Config = {}) =>
  createTestServer(t, { plugins: [offline(), groups(config)] })
export type Served = Awaited<ReturnType<typeof serve>>
export type Person = Awaited<ReturnType<Served['client']>>

/** Servers on one store, whose calls fail when a test says so. */
export const serveTogether = (t: TestContext, count: number, config: Config = {}) =>
  createTestNodes(t, count, () => [offline(), groups(config)])

let made = 0
/** A group of the first, into which the others come; the door is open. */
export async function groupOf(owner: Person, others: readonly Person[] = [], settings: Partial<Settings> = {}) {
  const { group } = await owner.groups.create({
    key: `k${(made += 1)}`,
    settings: { name: 'Team', door: 'open', ...settings },
  })
  for (const other of others) await other.groups.join({ group })
  return group
}

export const codeOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'ok',
    (error: { code?: string }) => error.code ?? String(error),
  )

/** What happened in a group, as a member reads it. */
export async function eventsOf(person: Person, group: string): Promise<readonly string[]> {
  const { messages } = await person.conversation(group).history({ limit: 200 })
  return messages.flatMap((entry) => {
    const { event } = entry as unknown as { readonly event?: { readonly what: string } }
    return event ? [event.what] : []
  })
}

/** Who is in a group, with their roles, as a member reads it. */
export async function rolesIn(person: Person, group: string): Promise<Record<string, string>> {
  const { members } = await person.groups.members({ group })
  return Object.fromEntries(members.map(({ user, role }) => [user, role]))
}
