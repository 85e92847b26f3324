import type { Device } from '../halves.js'
import { now } from '../row.js'
import type { Case, Rows } from '../row.js'
import type { Scene } from '../scene.js'

const set = (setting: object): Case =>
  now(({ me, group: conversation }) => me.offline.set({ conversation, ...setting }))
/** Set before, and taken back. */
const unset =
  (setting: object, back: object): Case =>
  async ({ me, conversation }) => {
    await me.offline.set({ conversation, ...setting })
    return () => me.offline.set({ conversation, ...back })
  }

const read =
  (who: (scene: Scene) => Device, by: (scene: Scene) => Device, place: 'group' | 'conversation'): Case =>
  async (scene) => {
    const { conversation, seq } = await scene.say(by(scene), scene[place])
    return () => who(scene).offline.mark({ conversation, read: seq })
  }
const me = (scene: Scene) => scene.me
const pal = (scene: Scene) => scene.pal

/** Somebody who has written in a group and to me is erased. */
export const erased: Case = async (scene) => {
  const other = await scene.newcomer()
  const group = await scene.room({}, [scene.me, other])
  const at = await scene.say(other, group)
  await scene.me.actions.react({ ...at, emoji: '👍' })
  await scene.say(other, scene.place(other.direct(scene.me.id).id))
  await scene.say(scene.me, other.direct(scene.me.id).id)
  return () => scene.town.chat.users.erase(other.id)
}

export const offline: Rows = {
  text: [
    now((scene) => scene.say(scene.pal, scene.group, { text: 'hello', mentions: [scene.me.id] })),
    now((scene) => scene.say(scene.me, scene.conversation)),
    // The first word of somebody.
    now(async (scene) => {
      const other = await scene.newcomer()
      await scene.say(other, scene.place(other.direct(scene.me.id).id))
    }),
  ],
  opaque: [now((scene) => scene.say(scene.pal, scene.conversation, { type: 'opaque', data: 'c2VjcmV0' }))],
  erased: [erased],
  'offline.changed': [
    set({ muted: true }),
    set({ pinned: 1 }),
    set({ archived: true }),
    set({ draft: 'what I was' }),
    set({ unread: 1 }),
    set({ hidden: 2 }),
    unset({ muted: true, pinned: 2 }, { muted: null, pinned: null }),
    unset({ draft: 'no longer', archived: true }, { draft: '', archived: false }),
    now((scene) => scene.me.offline.privacy({ privateRead: true })),
    async ({ me }) => {
      await me.offline.privacy({ privateRead: true })
      return () => me.offline.privacy({ privateRead: false })
    },
  ],
  'offline.marked': [read(pal, me, 'conversation'), read(me, pal, 'conversation'), read(me, pal, 'group')],
}
