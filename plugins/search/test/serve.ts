import { z } from 'zod'
import { actions } from '@natter/actions'
import { definePlugin } from '@natter/core'
import { body } from '@natter/core/contract'
import { friends } from '@natter/friends'
import { groups } from '@natter/groups'
import { offline } from '@natter/offline'
import { search } from '@natter/search'
import { searchBody } from '@natter/search/contract'
import { createTestNodes, createTestServer, eventually } from '@natter/testkit'
import type { TestContext } from '@natter/testkit'

export { eventually }

type Config = Parameters<typeof search>[0]

/** A kind of message with a file, as a plugin of a stranger would have it. */
const scan = body('scan', z.object({ title: z.string(), file: z.string() }))
export const scans = definePlugin({
  name: 'scans',
  version: '1.0.0',
  contract: { scan },
  setup(api) {
    api.hook(searchBody, ({ type, fields }) =>
      type === 'scan' ? { text: String(fields['title']), hasFile: true } : undefined,
    )
  },
})

export const plugins = (config?: Config) =>
  [offline(), friends(), groups(), actions(), scans(), search(config)] as const

/** A server with everything that search has to do with, in memory unless told otherwise. */
export const serve = (t: TestContext, config?: Config) => createTestServer(t, { plugins: plugins(config) })
export type Served = Awaited<ReturnType<typeof serve>>
export type Person = Awaited<ReturnType<Served['client']>>
export const serveTogether = (t: TestContext, count: number, config?: Config) =>
  createTestNodes(t, count, () => plugins(config))

type Wanted = Parameters<Person['search']['messages']>[0]
/** The texts that a person finds, the newest first. */
export async function find(person: Person, wanted: Wanted | string): Promise<readonly string[]> {
  const { hits } = await person.search.messages(typeof wanted === 'string' ? { text: wanted } : wanted)
  return hits.map(({ text }) => text)
}

/** Says something, and waits until it is found. */
export async function say(
  { clock }: Pick<Served, 'clock'>,
  person: Person,
  conversation: string,
  text: string,
): Promise<{ readonly conversation: string; readonly seq: number }> {
  const sent = await person.conversation(conversation).send({ text }).sent
  const { seq } = sent as { readonly seq: number }
  const isThere = ({ hits }: Awaited<ReturnType<Person['search']['messages']>>) => hits.some((hit) => hit.seq === seq)
  await eventually(clock, async () => isThere(await person.search.messages({ from: person.id, in: conversation })))
  return { conversation, seq }
}

let made = 0
export async function groupOf(owner: Person, others: readonly Person[] = [], settings: object = {}): Promise<string> {
  const { group } = await owner.groups.create({
    key: `k${(made += 1)}`,
    settings: { name: 'Team', door: 'open', ...settings },
  })
  for (const other of others) await other.groups.join({ group })
  return group
}
