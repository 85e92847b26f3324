import { newId } from '@natter/core'
import type { Device } from '../halves.js'
import { now } from '../row.js'
import type { Case, Rows } from '../row.js'
import type { Scene } from '../scene.js'

type At = { readonly conversation: string; readonly seq: number }
type Who = 'me' | 'pal' | 'mia'
type Act = (at: At, scene: Scene) => Promise<unknown>

/** Something is done to a message. */
const to =
  (place: 'group' | 'conversation', author: Who, body: object, act: Act, before: Act = async () => undefined): Case =>
  async (scene) => {
    const at = await scene.say(scene[author], scene[place], body)
    await before(at, scene)
    return () => act(at, scene)
  }
const text = { text: 'words' }
const poll = { type: 'poll', question: 'Tea?', options: ['yes', 'no'], multi: true }
const secret = { ...poll, anonymous: true }
const emoji = '👍'

const edit: Act = (at, { pal }) => pal.actions.edit({ ...at, text: 'other words' })
const deletes: Act = (at, { pal }) => pal.actions.deleteForAll(at)
const vote =
  (who: Who, choices: readonly number[]): Act =>
  (at, scene) =>
    scene[who].actions.vote({ ...at, choices: [...choices] })
const reply = (who: Device, scene: Scene, { conversation, seq }: At, thread?: number) =>
  scene.say(who, conversation, { type: 'reply', to: seq, text: 'an answer', ...(thread !== undefined && { thread }) })

const bodyOf = async (who: Device, { conversation, seq }: At) =>
  (await who.actions.entries({ conversation, seqs: [seq] })).entries[0]?.body
/** What was said under a timer disappears. */
const expired: Case = async (scene) => {
  const conversation = await scene.room()
  await scene.pal.actions.setTimer({ conversation, afterMs: 10_000 })
  return async () => {
    const at = await scene.say(scene.pal, conversation)
    await scene.me.actions.react({ ...at, emoji })
    await scene.town.passUntil(async () => (await bodyOf(scene.me, at))?.['type'] === 'deleted')
  }
}

const schedule = (scene: Scene, conversation: string, ms: number, id = newId()) =>
  scene.me.actions
    .schedule({ to: conversation, body: text, at: scene.town.clock.now() + ms, id })
    .then(() => ({ conversation, id }))
const stateOf = async (scene: Scene, id: string) =>
  (await scene.me.actions.scheduled({})).scheduled.find((each) => each.id === id)?.state
const hour = 3_600_000

export const actions: Rows = {
  'act/edited': [
    to('group', 'pal', text, edit),
    to('conversation', 'me', text, (at, { me }) => me.actions.edit({ ...at, text: 'mine', mentions: [] })),
    to('conversation', 'pal', text, edit, (at, { pal }) => pal.actions.edit({ ...at, text: 'once before' })),
  ],
  'act/deleted': [
    to('group', 'mia', text, deletes),
    to('conversation', 'me', text, (at, { me }) => me.actions.deleteForAll(at)),
  ],
  deleted: [
    to('conversation', 'pal', text, deletes, edit),
    to('group', 'pal', text, deletes, (at, scene) => reply(scene.me, scene, at)),
  ],
  'act/reacted': [
    to('group', 'me', text, (at, { pal }) => pal.actions.react({ ...at, emoji })),
    to('conversation', 'pal', text, (at, { me }) => me.actions.react({ ...at, emoji: '🦀' })),
  ],
  'act/unreacted': [
    to(
      'group',
      'me',
      text,
      (at, { pal }) => pal.actions.unreact({ ...at, emoji }),
      (at, { pal }) => pal.actions.react({ ...at, emoji }),
    ),
  ],
  'act/pinned': [to('group', 'mia', text, (at, { pal }) => pal.actions.pin(at))],
  'act/unpinned': [
    to(
      'conversation',
      'me',
      text,
      (at, { pal }) => pal.actions.unpin(at),
      (at, { me }) => me.actions.pin(at),
    ),
  ],
  poll: [now((scene) => scene.say(scene.pal, scene.group, poll))],
  'act/voted': [
    to('group', 'pal', poll, vote('mia', [0, 1])),
    to('group', 'pal', poll, vote('me', [1]), vote('me', [0])),
    to('group', 'mia', secret, vote('me', []), vote('me', [0])),
    to('conversation', 'me', secret, vote('pal', [1])),
  ],
  'act/closed': [to('group', 'pal', poll, (at, { pal }) => pal.actions.closePoll(at), vote('me', [0]))],
  reply: [
    to('group', 'me', text, (at, scene) => reply(scene.pal, scene, at)),
    to('conversation', 'pal', text, (at, scene) => reply(scene.pal, scene, at, at.seq)),
    to(
      'group',
      'pal',
      text,
      async (at, scene) => {
        const answer = await reply(scene.mia, scene, at, at.seq)
        await scene.mia.actions.deleteForAll(answer)
      },
      (at, scene) => reply(scene.me, scene, at, at.seq),
    ),
  ],
  forward: [
    to('conversation', 'pal', text, (at, scene) =>
      scene.pal.actions.forward({ ...at, to: [scene.group], key: scene.key(), named: true }),
    ),
  ],
  'act/expired': [expired],
  timer: [
    async (scene) => {
      const conversation = await scene.room()
      return () => scene.pal.actions.setTimer({ conversation, afterMs: hour })
    },
    async (scene) => {
      const conversation = await scene.room()
      await scene.pal.actions.setTimer({ conversation, afterMs: hour })
      await scene.say(scene.pal, conversation)
      return () => scene.pal.actions.setTimer({ conversation, afterMs: 0 })
    },
  ],
  'actions.removed': [
    to('group', 'pal', text, ({ conversation, seq }, { me }) => me.actions.remove({ conversation, seqs: [seq] })),
    to('conversation', 'me', text, ({ conversation, seq }, { me }) => me.actions.remove({ conversation, seqs: [seq] })),
  ],
  'actions.scheduledChanged/waiting': [
    now((scene) => schedule(scene, scene.group, hour)),
    async (scene) => {
      const { id } = await schedule(scene, scene.conversation, hour)
      return () => scene.me.actions.reschedule({ id, at: scene.town.clock.now() + 2 * hour, body: { text: 'better' } })
    },
  ],
  'actions.scheduledChanged/cancelled': [
    async (scene) => {
      const item = await schedule(scene, scene.group, hour)
      return () => scene.me.actions.unschedule(item)
    },
  ],
  'actions.scheduledChanged/sent': [
    now(async (scene) => {
      const { id } = await schedule(scene, scene.conversation, 6_000)
      await scene.town.passUntil(async () => (await stateOf(scene, id)) === undefined)
    }),
  ],
  'actions.scheduledChanged/refused': [
    async (scene) => {
      const group = await scene.room()
      return async () => {
        const { id } = await schedule(scene, group, 6_000)
        await scene.pal.groups.giveRole({ group, user: scene.me.id, role: 'reader' })
        await scene.town.passUntil(async () => (await stateOf(scene, id)) === 'refused')
      }
    },
  ],
}
