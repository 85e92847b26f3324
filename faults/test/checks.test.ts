import test from 'ava'
import type { Evidence } from '#src/checks/evidence.js'
import { ordersHaveMessages, seller } from '#src/checks/orders.js'
import { makeDatabasePlan } from '#src/databases/plan.js'
import { Refusals } from '#src/full-disks/refusals.js'
import type { FetchedConversation } from '#src/people/fetch.js'
import { Random } from '#src/random.js'
import { History } from '#src/record/history.js'
import { Network } from '#src/record/network.js'

/** Nothing but orders, and messages about some. */
function evidence(orders: readonly string[], messages: readonly string[]): Evidence {
  const entries = messages.map((clientId, i) => ({ seq: i + 1, n: i + 1, from: seller, at: 1, clientId, text: '' }))
  const me = { read: 0, received: 0, floor: 0 }
  const head = entries.length
  const conversation: FetchedConversation = { id: 'c', head, n: head, unread: head, first: 1, me, members: [], entries }
  return {
    history: new History(),
    fetches: [{ user: 'ada', conversations: new Map([['c', conversation]]), unchanged: [] }],
    views: [],
    last: new Set(),
    screens: [],
    outcomes: [],
    restored: false,
    orders,
  }
}

test('an order without its message is seen, and a message without its order', (t) => {
  t.deepEqual(ordersHaveMessages(evidence(['o1', 'o2'], ['o1', 'o2'])), [])
  t.deepEqual(ordersHaveMessages(evidence(['o1', 'o2'], ['o1'])), [
    { invariant: 'within', what: 'o2 is stored, and its message is not', counts: 'lost' },
  ])
  t.regex(
    ordersHaveMessages(evidence(['o1'], ['o1', 'o3']))[0]?.what ?? '',
    /message of o3 is stored, and o3 was taken back/,
  )
})

test('a refusal on a full disk must say that it may be tried again, and why it was', (t) => {
  const broken = (code: string, retryable: boolean) => {
    const refusals = new Refusals()
    refusals.add({ stored: [], refused: [{ id: 'a', code, retryable }] })
    return refusals.violations().map(({ invariant }) => invariant)
  }
  t.deepEqual(broken('STORAGE_FULL', true), [])
  t.deepEqual(broken('STORAGE_FULL', false), ['I9'])
  t.deepEqual(broken('NATTER_INTERNAL', true), ['I9'])
  const told = (code: string) => {
    const [refusals, network] = [new Refusals(), new Network(new History())]
    refusals.watch(network)
    network.watch!('in', ['no', 1, { code, retryable: true }])
    return refusals.violations().map(({ invariant }) => invariant)
  }
  t.deepEqual(told('STORAGE_UNAVAILABLE'), [])
  t.deepEqual(told('NATTER_INTERNAL'), ['I9'])
})

test('of two databases, the plan kills each alone and both, and breaks the network to each', (t) => {
  const plan = makeDatabasePlan(new Random('7'), 40, 2)
  t.deepEqual([...new Set(plan.map(({ dying }) => dying.join()))].sort(), ['0', '0,1', '1'])
  t.deepEqual([...new Set(plan.flatMap(({ blows }) => blows.map(({ database }) => database)))].sort(), [0, 1])
})
