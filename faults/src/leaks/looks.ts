import type { World } from './world.js'
import { names } from './world.js'

// How people look at things, also at what is not theirs: by every way that the plugins offer.

async function sync(world: World) {
  const name = world.someone()
  const { cursor } = world.person(name)
  const fresh = world.random.chance(0.5)
  const answer = await world.ask(name, 'offline.sync', fresh || cursor === undefined ? {} : { cursor })
  if ('ok' in answer) world.person(name).cursor = answer.ok['cursor'] as string
}

async function page(world: World) {
  if (world.rooms.length === 0) return
  const room = world.random.pick(world.rooms)
  const seq = world.random.between(1, 30)
  const way = world.random.pick([{}, { before: seq }, { after: seq }, { after: 0 }])
  await world.ask(world.curious(room), 'offline.page', { conversation: room.id, ...way })
}

async function inConversation(world: World) {
  const gone = world.messages.filter(({ alive }) => !alive)
  const message = gone.length > 0 && world.random.chance(0.5) ? world.random.pick(gone) : world.message()
  if (!message) return
  const conversation = message.room.id
  const { seq } = message
  const [command, input] = world.random.pick([
    ['actions.entries', { conversation, seqs: [seq, Math.max(1, seq - 1)] }],
    ['actions.thread', { conversation, seq: message.thread ?? seq }],
    ['actions.editions', { conversation, seq }],
    ['actions.editions', { conversation, seq }],
    ['actions.pins', { conversation }],
    ['actions.removals', { conversation }],
    ['actions.timer', { conversation }],
    ['actions.ballot', { conversation, seq }],
    ['offline.state', { conversation }],
    ['offline.readBy', { conversation, seq }],
  ] as const)
  await world.ask(world.curious(message.room), command, input)
}

async function ofGroup(world: World) {
  const room = world.group()
  if (!room) return
  const command = world.random.pick(['get', 'members', 'waiting', 'banned', 'links'])
  await world.ask(world.curious(room), `groups.${command}`, { group: room.id })
}

async function own(world: World) {
  const name = world.someone()
  const [command, input] = world.random.pick([
    ['offline.settings', {}],
    ['friends.sync', {}],
    ['friends.sync', {}],
    ['friends.find', { handle: world.other(name) }],
    ['groups.invitations', {}],
    ['presence.mine', {}],
    ['presence.watch', { users: names }],
    ['presence.watch', { users: names }],
  ] as const)
  await world.ask(name, command, input)
}

async function find(world: World) {
  const { random } = world
  const name = world.someone()
  const messages = random.chance(0.7) ? world.messages.flatMap(({ says }) => says) : []
  const word = messages.length > 0 ? random.pick(messages).word.text : 'hello'
  const room = random.chance(0.3) && world.rooms.length > 0 ? random.pick(world.rooms) : undefined
  const place = room && { in: room.id }
  const [command, input] = random.pick([
    ['search.messages', { text: word, ...place }],
    ['search.messages', { text: word.slice(0, -2), ...place }],
    ['search.messages', { from: world.someone(), ...place }],
    ['search.people', { text: name }],
  ] as const)
  await world.ask(room ? world.curious(room) : name, command, input)
}

const exported = (world: World) => world.exported(world.someone())
const again = (world: World) => world.connect(world.someone())

export const looks = [
  [4, sync],
  [7, page],
  [9, inConversation],
  [3, ofGroup],
  [6, own],
  [6, find],
  [1, exported],
  [2, again],
] as const
