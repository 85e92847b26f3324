import test from 'ava'
import type { ExecutionContext } from 'ava'
import { told, toldNobody } from './answers.js'
import type { Case } from './case.js'
import { people, roles } from './people.js'
import type { Role } from './people.js'
import { nowhere } from './place.js'
import { commandRows } from './rows/commands.js'
import { serve } from './serve.js'
import { foundTown } from './town.js'
import { World } from './world.js'

const worlds = foundTown().then((town) => new World(town))

test.after.always(async () => (await worlds).close())

test('each command has its row, and each row its command', async (t) => {
  const { chat, close } = await serve()
  t.teardown(close)
  const { components } = chat.asyncApi() as { components: { schemas: Record<string, unknown> } }
  const inputs = Object.keys(components.schemas).filter((name) => name.endsWith('.input'))
  const commands = inputs.map((name) => name.slice(0, -'.input'.length))
  t.deepEqual(Object.keys(commandRows).toSorted(), commands.toSorted())
})

for (const [command, cases] of Object.entries(commandRows)) {
  test.serial(`${command}: who may what`, async (t) => {
    const world = await worlds
    await world.renew()
    await asksNobody(t, world, command, cases[0])
    for (const each of cases) {
      for (const role of roles) await asks(t, world, command, each, role)
    }
  })
}

async function asksNobody(t: ExecutionContext, world: World, command: string, { input }: Case): Promise<void> {
  const { at, me } = world.town
  const { chat } = await world.server()
  const changed = await world.changed(async () => {
    const ends = await toldNobody(chat, command, input(at, me.olga))
    t.deepEqual(ends, [[4400], [4401]], 'anonymous')
  })
  t.deepEqual(changed, [], 'anonymous')
}

async function asks(t: ExecutionContext, world: World, command: string, cell: Case, role: Role): Promise<void> {
  const { what = '', input, row, absent = 'NATTER_NOT_FOUND', once = false, counted } = cell
  const { at, me } = world.town
  const who = me[people[role]]
  const says = `${role} ${what}`
  const ask = async (asked: object) => {
    const device = await world.device(who.token)
    let answer = { code: '' }
    const changed = await world.changed(async () => void (answer = await told(device, command, asked)))
    const kept = changed.filter((line) => !line.startsWith(`row ${counted}`))
    if (answer.code !== 'ok') t.deepEqual(kept, [], `${says} was refused, and something is different now`)
    if (once) await world.renew()
    return answer
  }

  const answer = await ask(input(at, who))
  t.is(answer.code, row[role], says)
  const elsewhere = input(nowhere(at), who)
  if (JSON.stringify(elsewhere) === JSON.stringify(input(at, who))) return
  const nothing = await ask(elsewhere)
  t.is(nothing.code, absent, `${says}, where there is none`)
  // Who is not to know that it is there is told what is said where there is none, to the letter.
  const outside = role === 'stranger' || answer.code === absent
  if (outside && answer.code !== 'ok') t.deepEqual(answer, nothing, says)
}
