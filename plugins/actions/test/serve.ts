import { actions } from '@natter/actions'
import { friends } from '@natter/friends'
import { groups } from '@natter/groups'
import { offline } from '@natter/offline'
import { createTestNodes, createTestServer } from '@natter/testkit'
import type { TestContext } from '@natter/testkit'

type Config = Parameters<typeof actions>[0]

/** Everything that actions have to do with. */
export const plugins = (config: Config) => [offline(), friends(), groups(), actions(config)] as const

/** A server with everything that actions have to do with, in memory unless told otherwise. */
export const serve = (t: TestContext, config: Config = {}) => createTestServer(t, { plugins: plugins(config) })
export type Served = Awaited<ReturnType<typeof serve>>
export type Person = Awaited<ReturnType<Served['client']>>

/** Servers on one store in memory, whose calls fail when a test says so. */
export const serveTogether = (t: TestContext, count: number, config: Config = {}) =>
  createTestNodes(t, count, () => plugins(config))

export const codeOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'ok',
    (error: { code?: string }) => error.code ?? String(error),
  )

/** Sends a text and answers where it is. */
export async function say(person: Person, conversation: string, text: string, more: object = {}) {
  const sent = await person.conversation(conversation).send({ text, ...more }).sent
  return { conversation, seq: (sent as { readonly seq: number }).seq }
}

/** Answers a message. */
export async function answer(person: Person, conversation: string, to: number, text: string, thread?: number) {
  const body = { type: 'reply', to, text, ...(thread !== undefined && { thread }) } as const
  const sent = await person.conversation(conversation).send(body).sent
  return { conversation, seq: (sent as { readonly seq: number }).seq }
}

/** The direct conversation of two people, with its first message. */
export async function talk(a: Person, b: Person) {
  const conversation = a.direct(b.id)
  await conversation.send({ text: 'hello' }).sent
  return conversation.id
}

let made = 0
/** A group of the first, into which the others come. */
export async function groupOf(owner: Person, others: readonly Person[] = [], settings: object = {}) {
  const { group } = await owner.groups.create({
    key: `k${(made += 1)}`,
    settings: { name: 'Team', door: 'open', ...settings },
  })
  for (const other of others) await other.groups.join({ group })
  return group
}

/** An entry as a person reads it in the history. */
export async function read(person: Person, { conversation, seq }: { conversation: string; seq: number }) {
  const { entries } = await person.offline.page({ conversation, before: seq + 1, limit: 1 })
  const [found] = entries
  if (found?.[0] !== seq) throw new Error(`${person.id} reads no entry ${seq}`)
  return { from: found[2], body: found[5], changed: found[6] }
}

/** What was done in a conversation, as a member reads it. */
export async function actsIn(person: Person, conversation: string): Promise<readonly string[]> {
  const { entries } = await person.offline.page({ conversation, limit: 200 })
  return entries.flatMap(([, , from, , , body]) =>
    from === 'system' && body['type'] === 'act'
      ? [`${String(body['by'])} ${String(body['what'])} ${String(body['of'])}`]
      : [],
  )
}

/** Asks everybody in a conversation. */
export async function askAll(person: Person, conversation: string, more: object = {}) {
  const body = { type: 'poll' as const, question: 'What to drink?', options: ['tea', 'coffee', 'water'], ...more }
  const sent = await person.conversation(conversation).send(body).sent
  return { conversation, seq: (sent as { readonly seq: number }).seq }
}
