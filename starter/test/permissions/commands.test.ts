import { readFile } from 'node:fs/promises'
import test from 'ava'
import { told, toldNobody } from './answers.js'
import { judge } from './judge.js'
import { people, roles } from './people.js'
import { commandRows } from './rows/commands.js'
import { foundTown } from './town.js'
import { World } from './world.js'

const opening = foundTown().then((town) => new World(town))
test.after.always(async () => (await opening).close())

test.serial('the matrices are of all plugins of the starter', async (t) => {
  const { chat } = await (await opening).server()
  const source = await readFile(new URL('../../../src/server.ts', import.meta.url), 'utf8')
  const packages = [...source.matchAll(/from '@natter\/(\w+)'/g)].map(([, name]) => name!)
  t.deepEqual([...chat.plugins, 'core'].toSorted(), [...packages, 'shared-storage'].toSorted())
})

test.serial('each command has its row, and each row its command', async (t) => {
  const { chat } = await (await opening).server()
  const { components } = chat.asyncApi() as { components: { schemas: Record<string, unknown> } }
  const inputs = Object.keys(components.schemas).filter((name) => name.endsWith('.input'))
  const commands = inputs.map((name) => name.slice(0, -'.input'.length))
  t.deepEqual(Object.keys(commandRows).toSorted(), commands.toSorted())
})

for (const [command, cases] of Object.entries(commandRows)) {
  test.serial(`${command}: who may what`, async (t) => {
    const world = await opening
    await world.renew()
    const { at, me } = world.town
    const { chat } = await world.server()
    const changed = await world.changed(async () => {
      const ends = await toldNobody(chat, ['q', 1, command, cases[0].input(at, me.olga)])
      t.deepEqual(ends, [[4400], [4401]], 'anonymous is answered nothing')
    })
    t.deepEqual(changed, [], 'anonymous')
    for (const each of cases) {
      const cell = { absent: 'NATTER_NOT_FOUND', ...each }
      for (const role of roles) {
        const who = me[people[role]]
        const send = async (input: object) => told((await world.device(who.token)).request(command, input))
        await judge(t, world, cell, { role, me: who, send })
      }
    }
  })
}
