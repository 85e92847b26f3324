import test from 'ava'
import type { Membership } from '@natter/core/contract'
import { MembershipCache } from '#src/membership-cache.js'

const pair: Membership = {
  kind: 'direct',
  version: 1,
  members: ['ada', 'bob'].map((user) => ({ user, floor: 0, left: false, read: 0, received: 0 })) as never,
}

/** A log of which each read answers when it is told to. */
function slowLog() {
  const answers: ((found: Membership | undefined) => void)[] = []
  const membership = () => new Promise<Membership | undefined>((resolve) => answers.push(resolve))
  const cache = new MembershipCache({ log: { membership } } as never)
  return { answers, ask: async (conversation: string) => cache.get(conversation), peek: () => cache.peek('c') }
}
const turn = () => new Promise(setImmediate)

test('many who ask cost one read', async (t) => {
  const { answers, ask, peek } = slowLog()
  const asked = [ask('c'), ask('c'), ask('c')]
  await turn()
  t.is(answers.length, 1)
  answers[0]!(pair)
  for (const members of await Promise.all(asked)) t.deepEqual([...members!.users], ['ada', 'bob'])
  t.is(peek()?.version, 1)
})

test('who asks while an older read is under way is not told by it that the conversation is not there', async (t) => {
  const { answers, ask } = slowLog()
  const first = ask('c')
  // The conversation is opened now, and who was told so writes in it.
  const members = [ask('c'), ask('c')]
  answers[0]!(undefined)
  t.is(await first, null)
  await turn()
  t.is(answers.length, 2, 'and those who asked then cost one read again')
  answers[1]!(pair)
  for (const each of await Promise.all(members)) t.deepEqual([...each!.users], ['ada', 'bob'])
})

test('who came in behind an older read that they joined is found by one of their own', async (t) => {
  const answers: ((found: Membership) => void)[] = []
  const membership = () => new Promise<Membership>((resolve) => answers.push(resolve))
  const state = async () => ({ version: 2, me: { left: false } })
  const cache = new MembershipCache({ log: { membership, state } } as never)
  const first = cache.read('c')
  // Cleo comes in now, by another server.
  const members = cache.with('cleo', 'c')
  cache.forget('c')
  answers[0]!(pair)
  await first
  await turn()
  const cleo = { ...pair.members[0]!, user: 'cleo' }
  answers[1]!({ ...pair, version: 2, members: [...pair.members, cleo] })
  t.deepEqual([...(await members)!.users], ['ada', 'bob', 'cleo'])
  t.is(answers.length, 2)
})

test('what is not there by a read of their own is not there', async (t) => {
  const { answers, ask } = slowLog()
  const asked = [ask('c'), ask('c')]
  answers[0]!(undefined)
  await turn()
  answers[1]!(undefined)
  t.deepEqual(await Promise.all(asked), [null, null])
  t.is(answers.length, 2)
})

test('a read that fails tells who joined it too, and the next begins anew', async (t) => {
  let reads = 0
  const membership = async () => {
    if (++reads === 1) throw new Error('no answer')
    return pair
  }
  const cache = new MembershipCache({ log: { membership } } as never)
  for (const failed of [cache.get('c'), cache.get('c')]) await t.throwsAsync(Promise.resolve(failed))
  t.is((await cache.get('c'))?.version, 1)
})
