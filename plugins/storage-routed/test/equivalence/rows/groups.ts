import type { Device } from '../halves.js'
import { now } from '../row.js'
import type { Case, Rows } from '../row.js'
import type { Scene } from '../scene.js'
import { erased } from './offline.js'

type Act = (group: string, scene: Scene) => Promise<unknown>
const nothing: Act = async () => undefined

/** Something happens in a group of its own, that I am in; Mia too, unless it is said who else is. */
const inRoom =
  (act: Act, { before = nothing, members }: { readonly before?: Act; readonly members?: Who } = {}): Case =>
  async (scene) => {
    const group = await scene.room({}, members?.(scene))
    await before(group, scene)
    return () => act(group, scene)
  }
type Who = (scene: Scene) => readonly Device[]
const alone: Who = ({ me }) => [me]
const without: Who = ({ mia }) => [mia]
const mine = (group: string, { me }: Scene) => ({ group, user: me.id })
const hers = (group: string, { mia }: Scene) => ({ group, user: mia.id })

const toAsk: Act = (group, { pal }) => pal.groups.set({ group, settings: { door: 'ask' } })
const asks: Act = async (group, scene) => {
  await toAsk(group, scene)
  await scene.mia.groups.join({ group })
}
const invites: Act = (group, scene) => scene.pal.groups.invite(hers(group, scene))
const invitesMe: Act = (group, scene) => scene.pal.groups.invite(mine(group, scene))
const bans: Act = (group, scene) => scene.pal.groups.ban(hers(group, scene))
const mutes: Act = (group, scene) => scene.pal.groups.mute({ ...mine(group, scene), forMs: 3_600_000 })
const link = (group: string, scene: Scene) => scene.pal.groups.makeLink({ group, key: scene.key() })

export const groups: Rows = {
  'group/created': [
    now(async (scene) => {
      const { group } = await scene.me.groups.create({ key: scene.key(), settings: { name: 'Mine' } })
      scene.hold(group)
    }),
  ],
  'group/invited': [inRoom(invites, { members: alone })],
  'group/uninvited': [
    inRoom((group, scene) => scene.pal.groups.uninvite(hers(group, scene)), { members: alone, before: invites }),
  ],
  'group/asked': [
    inRoom((group, { mia }) => mia.groups.join({ group, note: 'hi' }), { members: alone, before: toAsk }),
  ],
  'group/refused': [
    inRoom((group, scene) => scene.pal.groups.refuse(hers(group, scene)), { members: alone, before: asks }),
  ],
  'group/joined': [
    inRoom((group, scene) => scene.pal.groups.admit(hers(group, scene)), { members: alone, before: asks }),
    inRoom((group, { me }) => me.groups.join({ group }), {
      members: without,
      before: (group, scene) => scene.say(scene.mia, group),
    }),
    inRoom(
      async (group, scene) => {
        const { url } = await link(group, scene)
        await scene.mia.groups.join({ link: url })
      },
      { members: alone },
    ),
  ],
  'group/left': [
    inRoom((group, { mia }) => mia.groups.leave({ group })),
    inRoom((group, { me }) => me.groups.leave({ group }), { before: (group, scene) => scene.say(scene.pal, group) }),
    // Who comes again reads from there on.
    inRoom(async (group, scene) => {
      await scene.me.groups.leave({ group })
      await scene.say(scene.pal, group)
      await scene.me.groups.join({ group })
      await scene.say(scene.pal, group)
    }),
  ],
  'group/kicked': [inRoom((group, scene) => scene.pal.groups.kick(hers(group, scene)))],
  'group/banned': [inRoom(bans), inRoom((group, scene) => scene.pal.groups.ban(mine(group, scene)))],
  'group/unbanned': [inRoom((group, scene) => scene.pal.groups.unban(hers(group, scene)), { before: bans })],
  'group/role': [
    inRoom((group, scene) => scene.pal.groups.giveRole({ ...hers(group, scene), role: 'admin' })),
    inRoom((group, scene) => scene.pal.groups.giveRole({ ...mine(group, scene), role: 'reader' })),
  ],
  'group/muted': [inRoom(mutes)],
  'group/unmuted': [inRoom((group, scene) => scene.pal.groups.unmute(mine(group, scene)), { before: mutes })],
  'group/set': [
    inRoom((group, { pal }) =>
      pal.groups.set({ group, settings: { name: 'Another', topic: 'and why', slowMs: 5_000 } }),
    ),
  ],
  'group/transferred': [inRoom((group, scene) => scene.pal.groups.transfer(mine(group, scene)))],
  'group/linked': [inRoom(link)],
  'group/unlinked': [
    async (scene) => {
      const group = await scene.room()
      const { link: id } = await link(group, scene)
      return () => scene.pal.groups.dropLink({ group, link: id })
    },
  ],
  'group/erased': [erased],
  'group/dissolved': [inRoom((group, { pal }) => pal.groups.dissolve({ group }))],
  // Some at a time, behind the answer.
  'group/closed': [
    inRoom(async (group, scene) => {
      await scene.pal.groups.dissolve({ group })
      await scene.town.passUntil(async () => {
        const entries = await scene.town.storage.log.range(group, { from: 1, to: 500, limit: 500, bytes: 1_000_000 })
        return entries.at(-1)?.body.includes('"closed"') === true
      })
    }),
  ],
  'groups.invited': [
    inRoom(invitesMe, { members: without }),
    inRoom((group, scene) => scene.pal.groups.uninvite(mine(group, scene)), { members: without, before: invitesMe }),
    inRoom((group, { me }) => me.groups.join({ group }), { members: without, before: invitesMe }),
  ],
  'groups.out': [inRoom((group, scene) => scene.pal.groups.kick(mine(group, scene)))],
}
