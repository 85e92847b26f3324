import type { Room } from './room.js'
import { Room as Group } from './room.js'
import type { World } from './world.js'

// Who comes into groups, who goes, and what is told of them.

const most = 3

async function create(world: World) {
  if (world.rooms.filter(({ kind }) => kind === 'group').length >= most) return
  const name = world.someone()
  const { random } = world
  const history = random.pick(['join', 'start'] as const)
  const door = random.pick(['open', 'ask', 'invite'] as const)
  let room: Room | undefined
  const word = world.words.make(`the name of a group of ${name}`, (user) => room !== undefined && knowsName(room, user))
  const settings = { name: word.text, history, door }
  const answer = await world.ask(name, 'groups.create', { key: world.key(), settings })
  if ('no' in answer) return
  room = new Group(answer.ok['group'] as string, 'group')
  room.history = history
  room.name = word
  room.enter(name, world.step)
  world.rooms.push(room)
}

const knowsName = (room: Room, user: string) => room.members.has(user) || room.invited.has(user)

async function topic(world: World) {
  const room = world.group()
  if (!room) return
  const { step } = world
  const word = world.words.make(
    `a topic of ${room.id}`,
    (user) => room.reads(user, step) || (room.topic?.text === word.text && room.members.has(user)),
  )
  if ('ok' in (await world.ask(world.of(room), 'groups.set', { group: room.id, settings: { topic: word.text } })))
    room.topic = word
}

async function policy(world: World) {
  const room = world.group()
  if (!room) return
  const history = world.random.pick(['join', 'start'] as const)
  if ('ok' in (await world.ask(world.of(room), 'groups.set', { group: room.id, settings: { history } })))
    room.history = history
}

async function invite(world: World) {
  const room = world.group()
  if (!room) return
  const name = world.of(room)
  const user = world.other(name)
  if ('no' in (await world.ask(name, 'groups.invite', { group: room.id, user }))) return
  room.known.add(user)
  if (room.asking.has(user)) room.enter(user, world.step)
  else if (!room.members.has(user)) room.invited.add(user)
}

async function join(world: World) {
  const name = world.someone()
  const link = world.random.chance(0.3) && world.links.length > 0 ? world.random.pick(world.links) : undefined
  const room = link?.room ?? world.group()
  if (!room) return
  room.known.add(name)
  const note = world.words.make(`what ${name} said to be let in`, (user) => user === name || room.members.has(user))
  const input = link ? { link: link.url } : { group: room.id, note: note.text }
  const answer = await world.ask(name, 'groups.join', input)
  if ('no' in answer) return
  if (answer.ok['asked'] === true) room.asking.add(name)
  else room.enter(name, world.step)
}

async function admit(world: World) {
  const room = world.group()
  if (!room) return
  const user = world.random.pick([...room.asking, world.someone()])
  const command = world.random.pick(['groups.admit', 'groups.admit', 'groups.refuse'])
  if ('no' in (await world.ask(world.of(room), command, { group: room.id, user }))) return
  if (command === 'groups.admit') room.enter(user, world.step)
  else room.asking.delete(user)
}

async function leave(world: World) {
  const room = world.group()
  if (!room) return
  const name = world.someone()
  if ('ok' in (await world.ask(name, 'groups.leave', { group: room.id }))) {
    room.leave(name)
    room.asking.delete(name)
    room.invited.delete(name)
  }
}

async function expel(world: World) {
  const room = world.group()
  if (!room) return
  const name = world.of(room)
  const user = world.random.pick([world.of(room), world.other(name)])
  const command = world.random.pick(['groups.kick', 'groups.ban'])
  if ('no' in (await world.ask(name, command, { group: room.id, user }))) return
  room.leave(user)
  if (command !== 'groups.ban') return
  room.asking.delete(user)
  room.invited.delete(user)
}

async function administer(world: World) {
  const room = world.group()
  if (!room) return
  const name = world.of(room)
  const person = { group: room.id, user: world.other(name) }
  const [command, input] = world.random.pick([
    ['groups.unban', person],
    ['groups.giveRole', { ...person, role: world.random.pick(['admin', 'member', 'reader']) }],
    ['groups.mute', { ...person, forMs: 60_000 }],
    ['groups.unmute', person],
    ['groups.transfer', person],
    ['groups.uninvite', person],
  ] as const)
  if ('ok' in (await world.ask(name, command, input)) && command === 'groups.uninvite') room.invited.delete(person.user)
}

async function link(world: World) {
  const room = world.group()
  if (!room) return
  const answer = await world.ask(world.of(room), 'groups.makeLink', { group: room.id, key: world.key() })
  if ('ok' in answer) world.links.push({ room, url: answer.ok['url'] as string })
}

async function dissolve(world: World) {
  const room = world.group()
  if (!room || world.random.chance(0.7)) return
  if ('no' in (await world.ask(world.of(room), 'groups.dissolve', { group: room.id }))) return
  room.members.clear()
  room.invited.clear()
  room.asking.clear()
}

export const groupSteps = [
  [5, create],
  [3, topic],
  [1, policy],
  [5, invite],
  [8, join],
  [4, admit],
  [3, leave],
  [4, expel],
  [3, administer],
  [1, link],
  [1, dissolve],
] as const
