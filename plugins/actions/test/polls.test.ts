import test from 'ava'
import { actsIn, askAll, codeOf, groupOf, read, say, serve, talk } from './serve.js'
import type { Person } from './serve.js'

const ballots = async (person: Person, at: { conversation: string; seq: number }) =>
  ((await read(person, at)).body['acts'] as { ballots?: [string, number[]][] } | undefined)?.ballots ?? []

test('each person has one vote, which they may change and take back, until the poll is closed', async (t) => {
  const server = await serve(t)
  const [alice, bob, carol] = await server.friends('alice', 'bob', 'carol')
  const group = await groupOf(alice, [bob, carol])
  const at = await askAll(bob, group)
  const vote = (who: Person, ...choices: number[]) => codeOf(who.actions.vote({ ...at, choices }))
  t.deepEqual(await alice.actions.vote({ ...at, choices: [0] }), { as: 'alice' })
  t.is(await vote(carol, 2), 'ok')
  t.is(await vote(carol, 2), 'ok')
  t.is(await vote(alice, 1), 'ok')
  t.deepEqual(await ballots(bob, at), [
    ['alice', [1]],
    ['carol', [2]],
  ])
  for (const choices of [[3], [0, 1]]) t.is(await vote(bob, ...choices), 'ACTIONS_CHOICE')
  t.is(await vote(bob, -1), 'NATTER_INVALID')
  t.is(await vote(carol), 'ok')
  t.is(await vote(carol), 'ok')
  t.deepEqual(await ballots(bob, at), [['alice', [1]]])
  t.is(await codeOf(carol.actions.closePoll(at)), 'ACTIONS_NOT_ALLOWED')
  t.is(await codeOf(bob.actions.closePoll(at)), 'ok')
  t.is(await codeOf(bob.actions.closePoll(at)), 'ok')
  t.is(await vote(carol, 0), 'ACTIONS_CLOSED')
  t.is(await vote(alice, 1), 'ok', 'what was counted may be said again')
  t.like((await read(bob, at)).body, { acts: { ballots: [['alice', [1]]], closed: server.clock.now() } })
  const said = (await actsIn(alice, group)).filter((act) => act.includes('voted'))
  t.is(said.length, 4)
})

test('where several may be chosen they are, each once, and a time ends it', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  const at = await askAll(alice, conversation, { multi: true, until: server.clock.now() + 60_000 })
  await bob.actions.vote({ ...at, choices: [2, 0, 2] })
  t.deepEqual(await ballots(alice, at), [['bob', [0, 2]]])
  await server.clock.advance(60_000)
  t.is(await codeOf(alice.actions.vote({ ...at, choices: [0] })), 'ACTIONS_CLOSED')
  t.is(await codeOf(bob.actions.vote({ ...at, choices: [] })), 'ACTIONS_CLOSED')
  t.deepEqual(await ballots(alice, at), [['bob', [0, 2]]])
})

test('of an anonymous poll nobody is told who chose what, not by the log either, and each still has one vote', async (t) => {
  const server = await serve(t)
  const [alice, bob, carol] = await server.friends('alice', 'bob', 'carol')
  const group = await groupOf(alice, [bob, carol])
  const at = await askAll(alice, group, { anonymous: true })
  const raw = await server.device('carol:raw')
  const { as } = await bob.actions.vote({ ...at, choices: [0] })
  t.not(as, 'bob')
  t.deepEqual(await bob.actions.vote({ ...at, choices: [1] }), { as })
  t.deepEqual(await bob.actions.ballot(at), { as })
  await carol.actions.vote({ ...at, choices: [1] })
  const cast = await ballots(alice, at)
  t.deepEqual(
    cast.map(([, choices]) => choices),
    [[1], [1]],
  )
  t.is(cast[0]![0], as)
  await raw.next((frame) => frame[0] === 'm' && frame[2] === at.seq + 3)
  const votes = raw.frames.filter((frame) => frame[0] === 'm' && (frame[2] as number) > at.seq)
  t.is(votes.length, 3)
  // As words of their own: an id of random letters has a name in it now and then.
  const named = /(?<![\w-])(bob|carol)(?![\w-])/
  t.regex(JSON.stringify(await read(bob, await say(bob, group, 'bob'))), named)
  t.notRegex(JSON.stringify(votes), named)
  t.notRegex(JSON.stringify((await read(alice, at)).body), named)
  // In another poll one is somebody else.
  const other = await askAll(alice, group, { anonymous: true })
  t.not((await bob.actions.ballot(other)).as, as)
})

test('a poll is no text: it is not edited or passed on, and deleted it has no votes', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  const at = await askAll(alice, conversation)
  await bob.actions.vote({ ...at, choices: [0] })
  t.is(await codeOf(alice.actions.edit({ ...at, text: 'x' })), 'ACTIONS_CANNOT')
  t.is(await codeOf(alice.actions.forward({ ...at, to: [conversation], key: 'k' })), 'ACTIONS_CANNOT')
  t.is(await codeOf(bob.actions.vote({ conversation, seq: 1, choices: [0] })), 'ACTIONS_CANNOT')
  await alice.actions.deleteForAll(at)
  t.is(await codeOf(bob.actions.vote({ ...at, choices: [1] })), 'ACTIONS_DELETED')
  t.is(await codeOf(alice.actions.closePoll(at)), 'ACTIONS_DELETED')
  t.deepEqual((await read(bob, at)).body, { type: 'deleted', by: 'alice' })
  for (const more of [{ options: ['one'] }, { options: [] }, { question: '' }]) {
    t.is(await codeOf(askAll(alice, conversation, more)), 'NATTER_INVALID')
  }
  const forged = await askAll(alice, conversation, { acts: { ballots: [['bob', [1]]] } })
  t.deepEqual(await ballots(bob, forged), [])
})

test('votes at once, and a poll that is closed meanwhile: who was told ok is counted, and nobody else', async (t) => {
  const server = await serve(t)
  const alice = await server.client('alice')
  const crowd = await server.friends('u1', 'u2', 'u3', 'u4', 'u5')
  const group = await groupOf(alice, crowd)
  for (let round = 0; round < 3; round++) {
    const at = await askAll(alice, group)
    const codes = new Map<string, string>()
    await Promise.all([
      ...crowd.map(async (each) => codes.set(each.id, await codeOf(each.actions.vote({ ...at, choices: [1] })))),
      alice.actions.closePoll(at),
    ])
    const told = [...codes].filter(([, code]) => code === 'ok').map(([who]) => who)
    t.true([...codes.values()].every((code) => code === 'ok' || code === 'ACTIONS_CLOSED'))
    t.deepEqual((await ballots(alice, at)).map(([who]) => who).toSorted(), told.toSorted())
  }
})
