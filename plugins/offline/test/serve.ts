import { definePlugin, NatterErrors, userShow } from '@natter/core'
import { deny, Storage } from '@natter/core/contract'
import type { Log } from '@natter/core/contract'
import { createTestServer } from '@natter/testkit'
import type { TestContext } from '@natter/testkit'
import { offline } from '@natter/offline'

/** A server on which a test makes and changes groups in the log itself, and says who may not see whom. */
export async function serve(t: TestContext) {
  let log: Log | undefined
  const apart = new Set<string>()
  const places = definePlugin({
    name: 'places',
    needs: { storage: Storage },
    setup(api, { storage }) {
      api.hook(userShow, ({ user, to }) =>
        apart.has(`${user} ${to}`) || apart.has(`${to} ${user}`) ? deny(NatterErrors.NOT_AVAILABLE) : undefined,
      )
      return { init: () => void (log = storage.log) }
    },
  })
  const server = await createTestServer(t, { plugins: [offline(), places()] })
  let entries = 0
  const say = (members: object) =>
    log!.append({
      conversation: 'g1',
      from: 'system',
      clientId: `s${entries++}`,
      at: server.clock.now(),
      body: '{"type":"said"}',
      digest: 'd',
      counts: false,
      ...members,
    })
  return {
    ...server,
    /** The two neither write to nor see each other any more, or do again. */
    part: (a: string, b: string) => apart.add(`${a} ${b}`),
    meet: (a: string, b: string) => apart.delete(`${a} ${b}`),
    log: () => log!,
    /** Makes the group `g1`, with its first entry. */
    group: (...members: readonly string[]) => say({ open: { kind: 'group', members } }),
    leave: (user: string) => say({ members: { leave: [user] } }),
    join: (user: string) => say({ members: { join: [{ user }] } }),
    note: () => say({}),
  }
}
export type Served = Awaited<ReturnType<typeof serve>>
export type Person = Awaited<ReturnType<Served['client']>>

/** All settings of a person, read anew. */
export async function settingsOf(person: Person) {
  const settings: Record<string, object> = {}
  let answer = await person.offline.settings({})
  for (;;) {
    for (const { version: _, conversation, ...own } of answer.settings) {
      if (Object.keys(own).length > 0) settings[conversation] = own
    }
    if (!answer.more) return { settings, privateRead: answer.privateRead, version: answer.version }
    answer = await person.offline.settings({ cursor: answer.cursor })
  }
}

export const codeOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'ok',
    (error: { code?: string }) => error.code ?? String(error),
  )
