import type { World } from './world.js'

// Who knows whom, and who sees whose presence.

async function request(world: World) {
  const name = world.someone()
  const user = world.other(name)
  const note = world.words.make(`a note of ${name} to ${user}`, (each) => each === name || each === user)
  const answer = await world.ask(name, 'friends.request', { user, note: note.text })
  // Of two who ask each other both have said yes.
  if ('ok' in answer && answer.ok['is'] === 'friend') world.circle.befriend(name, user)
}

async function accept(world: World) {
  const name = world.someone()
  const user = world.other(name)
  if ('ok' in (await world.ask(name, 'friends.accept', { user }))) world.circle.befriend(name, user)
}

async function part(world: World) {
  const name = world.someone()
  const user = world.other(name)
  const command = world.random.pick(['friends.remove', 'friends.reject', 'friends.cancel'])
  const answer = await world.ask(name, command, { user })
  if ('ok' in answer && command === 'friends.remove') world.circle.part(name, user)
}

async function block(world: World) {
  const name = world.someone()
  const user = world.other(name)
  const answer = await world.ask(name, 'friends.block', { user })
  if ('no' in answer) return
  world.circle.block(name, user)
  if (answer.ok['is'] !== 'friend') world.circle.part(name, user)
}

async function unblock(world: World) {
  const name = world.someone()
  const user = world.other(name)
  if ('ok' in (await world.ask(name, 'friends.unblock', { user }))) world.circle.unblock(name, user)
}

async function remark(world: World) {
  // Only of friends one notes something.
  const [name, user] = world.random.pick([...world.circle.pairs(), ['ann', 'ben'] as const])
  const word = world.words.make(`a remark of ${name}`, (each) => each === name)
  await world.ask(name, 'friends.remark', { user, remark: word.text })
}

async function group(world: World) {
  const name = world.someone()
  const word = world.words.make(`a friend group of ${name}`, (user) => user === name)
  await world.ask(name, 'friends.createGroup', { name: word.text })
}

async function privacy(world: World) {
  const name = world.someone()
  const who = world.random.pick(['everyone', 'friends', 'nobody'] as const)
  const what = world.random.pick(['presence', 'presence', 'message', 'add', 'find'] as const)
  if ('ok' in (await world.ask(name, 'friends.privacy', { [what]: who })) && what === 'presence')
    world.circle.self(name).presence = who
}

async function status(world: World) {
  const name = world.someone()
  const person = world.circle.self(name)
  const word = world.words.make(
    `a status of ${name}`,
    (user) => user === name || (person.told?.text === word.text && world.circle.sees(user, name)),
  )
  if ('no' in (await world.ask(name, 'presence.set', { status: { text: word.text } }))) return
  person.status = word
  if (!person.invisible) person.told = word
}

async function hide(world: World) {
  const name = world.someone()
  const mode = world.random.pick(['invisible', 'auto', 'away', 'dnd'] as const)
  if ('no' in (await world.ask(name, 'presence.set', { mode }))) return
  const person = world.circle.self(name)
  person.invisible = mode === 'invisible'
  if (!person.invisible) person.told = person.status
}

export const relationSteps = [
  [4, request],
  [4, accept],
  [2, part],
  [2, block],
  [2, unblock],
  [2, remark],
  [1, group],
  [2, privacy],
  [4, status],
  [1, hide],
] as const
