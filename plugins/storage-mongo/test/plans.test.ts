import test from 'ava'
import type { ExecutionContext } from 'ava'
import type { Document } from 'mongodb'
import { field, model } from '@natter/core/contract'
import { FakeClock } from '@natter/testkit'
import { foundServer, scratchUrl } from './found-server.js'
import { direct, message, numbers } from './message.js'
import { openNoting } from './noting-client.js'
import type { Noting } from './noting-client.js'

const post = model('post', {
  fields: {
    room: field.id(),
    id: field.int(),
    author: field.id(),
    score: field.int({ optional: true }),
    tag: field.id({ optional: true }),
  },
  key: ['room', 'id'],
  indexes: [['author', 'score']],
  unique: [['tag'], ['author', 'tag']],
})
const setting = { models: [{ plugin: 'suite', model: post }], clock: new FakeClock() }

/** Names of all stages of a plan that was chosen. */
function stages(plan: unknown): string[] {
  if (typeof plan !== 'object' || plan === null) return []
  const { stage, rejectedPlans: _, ...parts } = plan as { stage?: unknown; rejectedPlans?: unknown }
  return [...(typeof stage === 'string' ? [stage] : []), ...Object.values(parts).flatMap(stages)]
}

/** What the server says of each command that looks something up. */
async function plansOf(
  t: ExecutionContext,
  { store, noted }: Noting,
): Promise<readonly { readonly asked: string; readonly plan: string[] }[]> {
  const { db } = store.native('mongo')!
  const plans = []
  for (const command of noted()) {
    const [name] = Object.keys(command)
    if (!['find', 'aggregate', 'update', 'delete', 'findAndModify'].includes(name!)) continue
    const {
      lsid: _,
      $clusterTime: __,
      $db: ___,
      txnNumber: ____,
      startTransaction: _____,
      autocommit: ______,
      readConcern: _______,
      writeConcern: ________,
      maxTimeMS: _________,
      ...rest
    } = command
    for (const one of apart(name!, rest)) {
      const { queryPlanner, stages: steps } = (await db.command({
        explain: one,
        verbosity: 'queryPlanner',
      })) as Document
      const plan = stages(queryPlanner ?? steps)
      t.true(plan.length > 0, JSON.stringify(one))
      plans.push({ asked: JSON.stringify(one), plan })
    }
  }
  return plans
}

/** `explain` takes one update or removal at a time. */
function apart(name: string, command: Document): readonly Document[] {
  const [, list] = name === 'update' ? ['', 'updates'] : name === 'delete' ? ['', 'deletes'] : ['', '']
  return list ? (command[list] as Document[]).map((one) => ({ ...command, [list]: [one] })) : [command]
}

const server = await foundServer(test)
if (server) {
  test('the log looks everything up by an index and sorts nothing', async (t) => {
    const noting = await openNoting(await scratchUrl(server, t), setting, t)
    const { log } = noting.store
    await log.append(message('c', 'a', '1', { open: direct('a', 'b') }))
    await log.append(message('c', 'a', '1'))
    await log.append(message('c', 'a', '2', { members: { join: [{ user: 'x', floor: 1 }], leave: ['b'] } }))
    await Promise.all(numbers(3, 9).map((i) => log.append(message('c', 'a', String(i), { judgedAt: 3 }))))
    await log.append(message('c', 'a', 'stale', { judgedAt: 1 }))
    await log.mark('c', 'x', { read: 2, received: 3 })
    await log.rewrite('c', 1, { body: '{}', by: 2, forget: 'author' })
    const begun = await log.begin()
    await log.find('c', 'a', '2')
    await log.head('c')
    for (const dir of ['asc', 'desc'] as const) await log.range('c', { from: 1, to: 9, limit: 9, bytes: 999, dir })
    await log.membership('c')
    await log.state('a', 'c')
    await log.states('a', { after: 0, limit: 9 })
    for (const way of [{ before: 5 }, { after: 2, holds: '2' }])
      await log.page!('a', 'c', { limit: 9, bytes: 999, ...way })
    await log.changed(0, 9)
    await log.holds(begun)
    await noting.store.sweep()
    const plans = await plansOf(t, noting)
    t.true(plans.length > 40, String(plans.length))
    for (const { asked, plan } of plans) {
      t.false(plan.includes('COLLSCAN'), `${asked}: ${plan.join()}`)
      t.false(plan.includes('SORT'), `${asked}: ${plan.join()}`)
    }
  })

  test('of those who have nothing new no document is read, only the index', async (t) => {
    const noting = await openNoting(await scratchUrl(server, t), setting, t)
    const { log } = noting.store
    await log.append(message('c', 'a', '1', { open: direct('a', 'b') }))
    const after = await log.latest()
    noting.noted()
    t.deepEqual(await log.states('b', { after, limit: 9 }), [])
    const plans = await plansOf(t, noting)
    const lists = plans.filter(({ asked }) => asked.startsWith('{"aggregate"'))
    t.is(lists.length, 1)
    t.true(lists[0]!.plan.includes('IXSCAN'), lists[0]!.plan.join())
    t.false(lists[0]!.plan.includes('FETCH'), lists[0]!.plan.join())
  })

  test('rows are found by an index and paged without sorting', async (t) => {
    const noting = await openNoting(await scratchUrl(server, t), setting, t)
    const posts = noting.store.records('suite', post)
    await Promise.all(
      numbers(1, 200).map((id) =>
        posts.insert({ room: `r${id % 9}`, id, author: `a${id % 5}`, ...(id % 3 && { score: id, tag: `t${id}` }) }),
      ),
    )
    noting.noted()
    await posts.get({ room: 'r', id: 1 })
    await posts.updateIf({ room: 'r1', id: 1, score: { gt: 0 } }, { author: 'x' }, { score: 1 })
    await posts.take({ room: 'r1', id: 1 })
    await posts.upsert({ room: 'r1', id: 1, author: 'a' })
    for (const dir of ['asc', 'desc'] as const) {
      for (const where of [
        { room: 'r1' },
        { room: { gte: 'r1' } },
        { room: 'r1', id: { in: [10, 19] } },
        { author: 'a1' },
        { author: 'a1', score: { gt: 5 } },
        { tag: { gte: 't1' } },
        { author: 'a1', tag: { gte: 't' } },
      ]) {
        const page = await posts.page(where, { limit: 2, dir })
        if (page.next !== undefined) await posts.page(where, { limit: 2, dir, after: page.next })
      }
    }
    await posts.page({ tag: 't10' })
    await posts.remove({ author: 'a3', score: { lt: 9 } })
    const kv = noting.store.kv('suite')
    await kv.set('k', 'v')
    await kv.get('k')
    await kv.add('k', 'v')
    await kv.take('k')
    await noting.store.sweep()
    for (const { asked, plan } of await plansOf(t, noting)) {
      t.false(plan.includes('COLLSCAN'), `${asked}: ${plan.join()}`)
      t.false(plan.includes('SORT'), `${asked}: ${plan.join()}`)
    }
  })
}
