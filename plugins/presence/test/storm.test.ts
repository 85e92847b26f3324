import test from 'ava'
import { definePlugin } from '@natter/core'
import { offline } from '@natter/offline'
import { presence } from '@natter/presence'
import { presenceSee } from '@natter/presence/contract'
import { createTestServer } from '@natter/testkit'

const count = 300
const stepMs = 100
/** All connections break within two seconds, and within ten everybody is back. */
const [brokenMs, stormMs, graceMs] = [2_000, 10_000, 20_000]
const neighbour = (i: number) => i ^ 1
const name = (i: number) => `p${i}`

const allSee = definePlugin({ name: 'all-see', setup: (api) => api.hook(presenceSee, () => true) })

test('300 people whose connections break while they talk lose no message, have none twice, and never seem to leave', async (t) => {
  t.timeout(120_000)
  const { clock, client, device } = await createTestServer(t, {
    plugins: [offline(), presence(), allSee()],
    limits: { pendingPerAddress: count },
  })
  const people = await Promise.all(Array.from({ length: count }, (_, i) => client(`${name(i)}:phone`)))
  const heard = people.map(() => [] as string[])
  for (const [i, each] of people.entries()) {
    each.on('message', ({ clientId }) => void heard[i]!.push(clientId))
    await each.presence.active({ active: i % 3 !== 0, kind: 'mobile' })
    await each.presence.watch({ users: Array.from({ length: 20 }, (_, k) => name((i + 1 + k) % count)) })
  }
  const eve = await device('eve')
  await eve.request('presence.watch', { users: people.map((_, i) => name(i)) })
  const live = async (ms: number) => {
    await eve.request('presence.mine')
    await clock.advance(ms)
  }
  await live(2_000)
  const changes = () => eve.frames.filter(([kind, event]) => kind === 'e' && event === 'presence.changed').length
  const calm = changes()

  const given = people.map(() => [] as string[])
  const write = (i: number, step: number) => {
    const conversation = people[i]!.direct(name(neighbour(i)))
    const typing = people[i]!.presence.write({ conversation: conversation.id, what: 'typing' })
    // Where there is no connection it is not said.
    typing.catch(() => undefined)
    const id = `${name(i)}-${step}`
    conversation.send({ text: `message ${id}` }, { id })
    given[i]!.push(id)
  }
  for (let ms = 0; ms < stormMs; ms += stepMs) {
    for (const [i, each] of people.entries()) {
      const breaks = (i * 37 * stepMs) % brokenMs
      if (ms === breaks) each.disconnect()
      if ((ms / stepMs + i) % 20 === 0) write(i, ms)
    }
    await clock.advance(stepMs)
  }
  t.true(people.every(({ status }) => status.get().link === 'online'))
  const all = (i: number) => given[i]!.length + given[neighbour(i)]!.length
  const open = () => people.some(({ outbox }, i) => outbox.list().length > 0 || heard[i]!.length < all(i))
  for (let turns = 0; open() && turns < 60; turns++) await live(500)

  for (let ms = 0; ms <= graceMs; ms += 5_000) await live(5_000)
  t.is(changes(), calm, 'nobody seemed to leave, or to come')

  for (const [i, mine] of given.entries()) {
    const theirs = given[neighbour(i)]!
    const [fromMe, fromThem] = [mine, theirs].map((ids) => heard[i]!.filter((id) => ids.includes(id)))
    t.deepEqual(fromThem, theirs, `what ${name(i)} heard`)
    t.deepEqual(fromMe, mine, `what ${name(i)} said, as they see it`)
  }
  for (let i = 0; i < count; i += 2) {
    const fresh = await device(`${name(i)}:fresh`)
    const { entries } = await fresh.request<{ readonly entries: readonly (readonly unknown[])[] }>('offline.page', {
      conversation: people[i]!.direct(name(i + 1)).id,
      after: 0,
      limit: 200,
    })
    const [seqs, ids] = [entries.map(([seq]) => seq), entries.map((entry) => entry[4] as string)]
    t.deepEqual(
      seqs,
      entries.map((_, at) => at + 1),
    )
    t.deepEqual(ids, heard[i], 'resumed and fetched afresh are the same')
    t.deepEqual(ids.toSorted(), [...given[i]!, ...given[i + 1]!].toSorted())
    fresh.drop()
  }
})
