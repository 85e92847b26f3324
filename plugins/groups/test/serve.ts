import { definePlugin } from '@natter/core'
import type { Plugin } from '@natter/core'
import { Storage } from '@natter/core/contract'
import type { Model, Records } from '@natter/core/contract'
import { groups } from '@natter/groups'
import { offline } from '@natter/offline'
import { createTestServer, FakeClock, MemoryStore } from '@natter/testkit'
import type { TestContext } from '@natter/testkit'

type Config = Parameters<typeof groups>[0]
type Settings = Parameters<Person['groups']['create']>[0]['settings']

/** A server with groups on it, in memory unless told otherwise. */
export const serve = (t: TestContext, config: Config = {}) =>
  createTestServer(t, { plugins: [offline(), groups(config)] })
export type Served = Awaited<ReturnType<typeof serve>>
export type Person = Awaited<ReturnType<Served['client']>>

/** What a node's calls of the store meet: what it throws, the verb does not do. */
export type Weather = { before?: ((model: string, verb: string, first: unknown) => void) | undefined }

/** The plugin for one more server on a store. */
const sharedStore = (store: MemoryStore, weather: Weather): Plugin =>
  definePlugin({
    name: 'shared-storage',
    provides: [Storage],
    setup(api) {
      api.provide(Storage, () => ({
        description: 'memory, shared',
        durable: false,
        log: new Proxy(store.log, {
          get(log, verb: string) {
            const call = (log as never as Record<string, unknown>)[verb]
            return typeof call !== 'function'
              ? call
              : async (...args: unknown[]) => {
                  weather.before?.('log', verb, args[0])
                  return (call as (...args: unknown[]) => unknown).apply(log, args)
                }
          },
        }),
        prepare: (models, steps) => store.prepare(models, steps),
        records: <M extends Model>(plugin: string, model: M): Records<M> =>
          new Proxy(store.records(plugin, model), {
            get:
              (target, verb: string) =>
              async (...args: unknown[]) => {
                weather.before?.(model.name, verb, args[0])
                return (target as never as Record<string, (...args: unknown[]) => unknown>)[verb]!(...args)
              },
          }),
        kv: (namespace) => store.kv(namespace),
        probe: () => store.probe(),
        native: () => undefined,
      }))
    },
  })()

/** Servers on one store, whose calls fail when a test says so. */
export async function serveTogether(t: TestContext, count: number, config: Config = {}) {
  const clock = new FakeClock()
  const store = new MemoryStore({ clock })
  const server = async (weather: Weather = {}) => ({
    ...(await createTestServer(t, {
      plugins: [offline(), groups(config)],
      storage: sharedStore(store, weather),
      clock,
    })),
    weather,
  })
  const servers: Awaited<ReturnType<typeof server>>[] = []
  for (let i = 0; i < count; i++) servers.push(await server())
  return { clock, store, server, servers: servers as [(typeof servers)[0], ...typeof servers] }
}

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
