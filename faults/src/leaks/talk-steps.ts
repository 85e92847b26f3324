import type { Message, Room, Said } from './room.js'
import type { World } from './world.js'

// What people do with messages. Whether it is allowed, the server says; what it lets through is noted.

const emoji = ['👍', '❤️', '😀'] as const

/** A conversation to write into: often one's own, sometimes one that is not. */
function place(world: World, name: string): Room {
  const { random, rooms } = world
  const group = random.chance(0.7) ? world.group() : undefined
  const own = rooms.filter(({ kind, members }) => kind === 'group' && members.has(name))
  if (group && own.length > 0 && random.chance(0.7)) return random.pick(own)
  return group ?? world.direct(name, world.other(name))
}

async function write(
  world: World,
  name: string,
  room: Room,
  body: object,
  rest: Partial<Message> & { says: readonly Said[] },
) {
  // The first message to a person opens the conversation with them.
  const peer = room.kind === 'direct' ? [...room.members.keys()].find((user) => user !== name) : undefined
  const to = peer !== undefined && room.members.has(name) ? { user: peer } : room
  const seq = await world.send(name, to, body)
  if (seq !== undefined) world.note({ kind: 'text', room, seq, author: name, ...rest })
}

async function text(world: World) {
  const name = world.someone()
  const room = place(world, name)
  const said = world.said(`a message of ${name}`)
  const mentions = world.random.chance(0.3) ? { mentions: [world.other(name)] } : {}
  await write(world, name, room, { text: `hello ${said.word.text}`, ...mentions }, { says: [said] })
}

async function reply(world: World) {
  const name = world.someone()
  const to = world.message()
  if (!to) return
  const said = world.said(`an answer of ${name}`)
  const thread = world.random.chance(0.5) ? (to.thread ?? to.seq) : undefined
  const body = { type: 'reply', to: to.seq, text: said.word.text, ...(thread !== undefined && { thread }) }
  await write(world, name, to.room, body, { kind: 'reply', says: [said], thread })
}

async function poll(world: World) {
  const name = world.someone()
  const [question, one, two] = ['a question', 'an option', 'an option'].map((what) => world.said(`${what} of ${name}`))
  const body = { type: 'poll', question: question!.word.text, options: [one!.word.text, two!.word.text] }
  await write(world, name, place(world, name), body, { kind: 'poll', says: [question!, one!, two!] })
}

async function edit(world: World) {
  const message = world.message()
  if (!message) return
  const name = world.random.chance(0.7) ? message.author : world.someone()
  const said = world.said(`an edit of ${name}`)
  const answer = await world.ask(name, 'actions.edit', { ...at(message), text: said.word.text })
  if ('no' in answer) return
  if (!world.editionsKept) for (const { places } of message.says) places.splice(places.indexOf(message), 1)
  said.places.push(message)
  message.says = [said, ...(world.editionsKept ? message.says : [])]
}

async function deleteForAll(world: World) {
  // What was edited has more to lose.
  const edited = world.messages.filter(({ alive, kind, says }) => alive && kind !== 'poll' && says.length > 1)
  const message = edited.length > 0 && world.random.chance(0.6) ? world.random.pick(edited) : world.message()
  if (!message) return
  const name = world.random.chance(0.6) ? message.author : world.someone()
  if ('ok' in (await world.ask(name, 'actions.deleteForAll', at(message)))) message.alive = false
}

async function forward(world: World) {
  const name = world.someone()
  const message = world.message()
  if (!message) return
  const room = place(world, name)
  const to = [room.id]
  const answer = await world.ask(name, 'actions.forward', { ...at(message), to, key: world.key(), named: true })
  const [sent] = 'ok' in answer ? (answer.ok['sent'] as readonly { seq?: number; error?: string }[]) : []
  if (sent?.seq === undefined) return
  // It carries what the message says now.
  const says = message.says.slice(0, message.kind === 'poll' ? undefined : 1)
  world.note({ kind: 'forward', room, seq: sent.seq, author: name, says })
}

async function react(world: World) {
  const message = world.message()
  if (!message) return
  const command = world.random.pick(['actions.react', 'actions.react', 'actions.unreact'])
  await world.ask(world.someone(), command, { ...at(message), emoji: world.random.pick(emoji) })
}

async function pin(world: World) {
  const message = world.message()
  if (message) await world.ask(world.someone(), world.random.pick(['actions.pin', 'actions.unpin']), at(message))
}

async function vote(world: World) {
  const message = world.messages.findLast(({ kind }) => kind === 'poll')
  if (message)
    await world.ask(world.someone(), 'actions.vote', { ...at(message), choices: [world.random.between(0, 1)] })
}

async function removeForMe(world: World) {
  const message = world.message()
  if (message)
    await world.ask(world.someone(), 'actions.remove', { conversation: message.room.id, seqs: [message.seq] })
}

async function mark(world: World) {
  const message = world.message()
  if (message)
    await world.ask(world.someone(), 'offline.mark', {
      conversation: message.room.id,
      read: message.seq,
      received: message.seq,
    })
}

async function typing(world: World) {
  const name = world.someone()
  await world.ask(name, 'presence.write', { conversation: place(world, name).id, what: 'typing' })
}

async function draft(world: World) {
  const name = world.someone()
  const word = world.words.make(`a draft of ${name}`, (user) => user === name)
  await world.ask(name, 'offline.set', { conversation: place(world, name).id, draft: word.text })
}

async function timer(world: World) {
  const room = world.rooms.length > 0 ? world.random.pick(world.rooms) : undefined
  if (!room) return
  const { step } = world
  const name = world.of(room)
  let said = false
  // Who reads where it was said knows it, and who is in it while it counts.
  const { afterMs, word } = world.words.makeTimer(
    `a timer of ${room.id}`,
    (user) => said && (room.reads(user, step) || (room.timer === word && room.members.has(user))),
  )
  const ms = world.random.chance(0.7) ? afterMs : 0
  if ('no' in (await world.ask(name, 'actions.setTimer', { conversation: room.id, afterMs: ms }))) return
  said = ms > 0
  room.timerMs = ms
  room.timer = said ? word : undefined
}

export const at = ({ room, seq }: Message) => ({ conversation: room.id, seq })

/** By how often they happen. */
export const talkSteps = [
  [14, text],
  [4, reply],
  [2, poll],
  [6, edit],
  [4, deleteForAll],
  [4, forward],
  [2, react],
  [2, pin],
  [1, vote],
  [1, removeForMe],
  [3, mark],
  [3, typing],
  [2, draft],
  [3, timer],
] as const
