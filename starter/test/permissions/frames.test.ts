import test from 'ava'
import { told, toldNobody } from './answers.js'
import { judge } from './judge.js'
import { people, roles } from './people.js'
import { sendRows } from './rows/send.js'
import { foundTown } from './town.js'
import { World } from './world.js'

const opening = foundTown().then((town) => new World(town))
test.after.always(async () => (await opening).close())

/** `hello` says who it is, which every cell of who is nobody judges; `request` is the commands; the others name nothing. */
const others = ['hello', 'request', 'ping', 'pong']

test.serial('each frame of a client is judged', async (t) => {
  const { chat } = await (await opening).server()
  const { components } = chat.asyncApi() as { components: { messages: Record<string, unknown> } }
  const frames = Object.keys(components.messages).flatMap((name) => /^client\.(.*)/.exec(name)?.[1] ?? [])
  t.deepEqual(frames.toSorted(), ['send', ...others].toSorted())
})

for (const cell of sendRows) {
  test.serial(`a message, ${cell.what}: who may what`, async (t) => {
    const world = await opening
    await world.renew()
    const { at, me } = world.town
    const { chat } = await world.server()
    const { to, body } = cell.input(at)
    const changed = await world.changed(async () => {
      const ends = await toldNobody(chat, ['s', 1, to, 'id', body])
      t.deepEqual(ends, [[4400], [4401]], 'anonymous is answered nothing')
    })
    t.deepEqual(changed, [], 'anonymous')
    for (const role of roles) {
      const who = me[people[role]]
      const send = async (input: object) => {
        const message = input as ReturnType<typeof cell.input>
        return told((await world.device(who.token)).message(message.to, message.body))
      }
      await judge(t, world, cell, { role, me: who, send })
    }
  })
}
