import type { Device } from '../halves.js'
import { now } from '../row.js'
import type { Case, Rows } from '../row.js'
import type { Scene } from '../scene.js'

type Act = (other: Device, scene: Scene) => Promise<unknown>
const nothing: Act = async () => undefined

/** Something between me and somebody new. */
const withSomebody =
  (act: Act, before: Act = nothing): Case =>
  async (scene) => {
    const other = await scene.newcomer()
    await before(other, scene)
    return () => act(other, scene)
  }
const theyAsk: Act = (other, { me }) => other.friends.request({ user: me.id, note: 'do you remember me?' })
const iAsk: Act = (other, { me }) => me.friends.request({ user: other.id })
const befriended: Act = async (other, scene) => {
  await iAsk(other, scene)
  await other.friends.accept({ user: scene.me.id })
}
const blocked: Act = (other, { me }) => me.friends.block({ user: other.id })
const groupOf = (scene: Scene) => scene.me.friends.createGroup({ name: scene.key() })

const writes = (what: 'typing' | 'recording' | 'uploading' | 'none'): Case =>
  now((scene) => scene.pal.presence.write({ conversation: scene.conversation, what }))
type Shown = Parameters<Device['presence']['set']>[0]
const sets =
  (who: 'me' | 'pal', setting: Shown, before?: Shown): Case =>
  async (scene) => {
    if (before) await scene[who].presence.set(before)
    return () => scene[who].presence.set(setting)
  }
const busy: Shown = { mode: 'dnd', status: { text: 'in a meeting' } }
const asEver: Shown = { mode: 'auto', status: null }

export const people: Rows = {
  'auth.changed': [
    now((scene) => scene.pal.auth.profile({ name: `Pal ${scene.key()}` })),
    now((scene) => scene.me.auth.profile({ name: `Stan ${scene.key()}` })),
  ],
  'friends.changed': [
    withSomebody(theyAsk),
    withSomebody(iAsk),
    withSomebody((other, { me }) => me.friends.accept({ user: other.id }), theyAsk),
    withSomebody((other, { me }) => other.friends.accept({ user: me.id }), iAsk),
    withSomebody((other, { me }) => me.friends.reject({ user: other.id }), theyAsk),
    withSomebody((other, { me }) => other.friends.cancel({ user: me.id }), theyAsk),
    withSomebody((other, { me }) => me.friends.cancel({ user: other.id }), iAsk),
    withSomebody((other, { me }) => other.friends.remove({ user: me.id }), befriended),
    withSomebody((other, { me }) => me.friends.remove({ user: other.id }), befriended),
    withSomebody((other, { me }) => me.friends.remark({ user: other.id, remark: 'from school' }), befriended),
    withSomebody(blocked, befriended),
    withSomebody(blocked),
    withSomebody((other, { me }) => me.friends.unblock({ user: other.id }), blocked),
    withSomebody(async (other, scene) => {
      const { id } = await groupOf(scene)
      await scene.me.friends.assign({ user: other.id, groups: [id] })
    }, befriended),
    async (scene) => {
      const { id: group } = await groupOf(scene)
      return () => scene.me.friends.renameGroup({ group, name: scene.key() })
    },
    async (scene) => {
      const { id: group } = await groupOf(scene)
      await scene.me.friends.assign({ user: scene.pal.id, groups: [group] })
      return () => scene.me.friends.deleteGroup({ group })
    },
    now((scene) => scene.me.friends.privacy({ find: 'nobody' })),
  ],
  'presence.changed': [
    sets('pal', busy),
    sets('pal', { mode: 'away' }),
    sets('pal', { mode: 'invisible' }),
    sets('pal', asEver, busy),
    // Gone for longer than a reconnect takes, and there again.
    now(async ({ pal, town }) => {
      const back = pal.away()
      await town.pass(25_000)
      back()
      await town.passUntil(() => pal.status.get().link === 'online')
    }),
    now(async ({ pal, town }) => {
      await pal.presence.active({ active: false })
      await town.pass(2_000)
      await pal.presence.active({ active: true })
    }),
  ],
  'presence.settled': [
    sets('me', { mode: 'dnd' }),
    sets('me', { status: { text: 'thinking' } }),
    sets('me', asEver, busy),
  ],
  'presence.writes/typing': [writes('typing')],
  'presence.writes/recording': [writes('recording')],
  'presence.writes/uploading': [writes('uploading')],
  'presence.writes/none': [
    now(async ({ pal, conversation, town }) => {
      await pal.presence.write({ conversation, what: 'typing' })
      await town.pass(2_000)
      await pal.presence.write({ conversation, what: 'none' })
    }),
  ],
}
