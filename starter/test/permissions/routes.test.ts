import test from 'ava'
import { declaredRoutes, requestOf } from './declared-routes.js'
import { judge } from './judge.js'
import type { Told } from './judge.js'
import { people, roles } from './people.js'
import { routeRows } from './rows/routes.js'
import { foundTown } from './town.js'
import { World } from './world.js'

const opening = foundTown().then((town) => new World(town))
test.after.always(async () => (await opening).close())

test.serial('each route has its row, and each row its route', async (t) => {
  const { chat } = await (await opening).server()
  t.deepEqual(Object.keys(routeRows).toSorted(), [...declaredRoutes(chat).keys()].toSorted())
})

/** Who shows no token, and says to be Tom. */
const nobody = { user: '', handle: 'tom', token: '', session: 'none', other: 'none', notes: '' }

for (const [route, cases] of Object.entries(routeRows)) {
  test.serial(`${route}: who may what`, async (t) => {
    const world = await opening
    await world.renew()
    const declared = declaredRoutes((await world.server()).chat).get(route)!
    for (const each of cases) {
      const cell = { absent: '404 NATTER_NOT_FOUND', ...each }
      for (const role of ['anonymous', ...roles] as const) {
        const me = role === 'anonymous' ? nobody : world.town.me[people[role]]
        const send = async (input: object): Promise<Told> => {
          const { method, path, body } = requestOf(declared, input)
          const { call } = await world.server()
          const answer = await call(method, path, body, role === 'anonymous' ? undefined : me.token)
          if (answer.status < 400) return { code: String(answer.status), done: true }
          const refusal = answer.body['error'] as { readonly code: string }
          return { code: `${answer.status} ${refusal.code}`, done: false, refusal }
        }
        await judge(t, world, cell, { role, me, send })
      }
    }
  })
}
