import type { Model, Records } from '@natter/core/contract'
import { offline } from '@natter/offline'
import { createTestNodes, createTestServer } from '@natter/testkit'
import type { TestContext } from '@natter/testkit'
import { friends } from '@natter/friends'

type Config = Parameters<typeof friends>[0]

/** A server with friends on it, in memory unless told otherwise. */
export const serve = (t: TestContext, config: Config = {}) =>
  createTestServer(t, { plugins: [offline(), friends(config)] })
export type Served = Awaited<ReturnType<typeof serve>>
export type Person = Awaited<ReturnType<Served['client']>>

/** Servers on one store, whose calls fail when a test says so. */
export async function serveTogether(t: TestContext, count: number, config: Config = {}) {
  const nodes = await createTestNodes(t, count, () => [offline(), friends(config)])
  const rows = <M extends Model>(model: M): Records<M> => nodes.store.records('friends', model)
  return { ...nodes, rows }
}

/** The whole list of a person, read anew. */
export async function listOf(person: Person) {
  const first = await person.friends.sync({})
  let { next } = first
  while (next !== undefined) {
    const page = await person.friends.sync({ page: next })
    first.contacts.push(...page.contacts)
    next = page.next
  }
  return first
}

/** Who is what in a person's list. */
export async function people(person: Person) {
  const { contacts } = await listOf(person)
  return Object.fromEntries(contacts.map(({ user, is, blocked }) => [user, blocked ? 'blocked' : is]))
}

export async function befriend(a: Person, b: Person): Promise<void> {
  await a.friends.request({ user: b.id })
  await b.friends.accept({ user: a.id })
}

export const codeOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'ok',
    (error: { code?: string }) => error.code ?? String(error),
  )

/** Many people, who come a few at a time: an address has so many connections that are not logged in yet. */
export async function crowdOf(server: Served, count: number, name: (i: number) => string): Promise<readonly Person[]> {
  const crowd: Person[] = []
  for (let i = 0; i < count; i += 8) {
    const names = Array.from({ length: Math.min(8, count - i) }, (_, k) => name(i + k))
    crowd.push(...(await server.friends(...names)))
  }
  return crowd
}
