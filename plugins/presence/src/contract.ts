/** `@natter/presence/contract`: who is there, and who is writing. */
import { z } from 'zod'
import { command, event, field, hook, model, token } from '@natter/core/contract'
import type { Awaitable, Token } from '@natter/core/contract'
import { id, ok, text, time } from '@natter/core/schema'

const kind = z.enum(['web', 'mobile', 'desktop'])
const status = z.object({
  text: text(140),
  emoji: text(16).optional(),
  /** From then on it is no more, ms. */
  until: time.optional(),
})
const person = z.object({
  user: id,
  state: z.enum(['online', 'away', 'dnd', 'offline']),
  /** Kinds of the devices that are connected. */
  on: z.array(kind),
  status: status.optional(),
  /** When the person was last there, ms; only of who is offline and does not hide it. */
  seen: time.optional(),
})
const settings = z.object({
  /** `auto`: by what the devices do. */
  mode: z.enum(['auto', 'away', 'dnd', 'invisible']),
  status: status.optional(),
  /** Nobody is told when I was last there. */
  hideSeen: z.boolean(),
})
const writing = z.enum(['typing', 'recording', 'uploading'])

/** A person as those see them who may. */
export type PersonPresence = z.output<typeof person>
/** What a person has set for themselves. */
export type PresenceSettings = z.output<typeof settings>
/** What a device is. */
export type DeviceKind = z.output<typeof kind>
/** What a person is doing in a conversation. */
export type Writing = z.output<typeof writing>

/**
 * Whose presence this connection wants to know from now on, in place of those before. Who may not be seen, who is hidden and
 * who does not exist are all `offline` and nothing else.
 */
export const watch = command('presence.watch', {
  idempotent: true,
  input: z.object({ users: z.array(id).max(500) }),
  output: z.object({ people: z.array(person) }),
})
/** The app is looked at, or not; and what kind of device it is on. A device that has said nothing is active. */
export const active = command('presence.active', {
  idempotent: true,
  input: z.object({ active: z.boolean(), kind: kind.optional() }),
  output: ok,
})
/** Changes my settings; what is left out stays. `status: null` takes the status away. */
export const set = command('presence.set', {
  idempotent: true,
  limit: { points: 30, windowMs: 60_000 },
  input: z.object({
    mode: settings.shape.mode.optional(),
    status: status.nullable().optional(),
    hideSeen: z.boolean().optional(),
  }),
  output: settings,
})
/** My settings. */
export const mine = command('presence.mine', { idempotent: true, input: z.object({}), output: settings })
/** I am doing something in a conversation: said again every few seconds while it lasts; `none` ends it at once. */
export const write = command('presence.write', {
  limit: { points: 120, windowMs: 60_000 },
  input: z.object({ conversation: id, what: writing.or(z.literal('none')) }),
  output: ok,
})

/** People whom this connection watches are different now. At most once a second for each. */
export const changed = event('presence.changed', z.object({ people: z.array(person) }))
/** Somebody does something in a conversation, until `forMs` have passed or a message of theirs comes; `none`: no more. */
export const writes = event(
  'presence.writes',
  z.object({ conversation: id, user: id, what: writing.or(z.literal('none')), forMs: z.int() }),
  { momentary: true },
)
/** My settings were changed on one of my devices. */
export const settled = event('presence.settled', settings)

/**
 * May this person see that one's presence? The first answer decides. Without one, it is those with whom they talk
 * (`user.audience`). It is asked again from time to time; who changes an answer calls `Presence.reconsider`.
 */
export const presenceSee = hook.first<{ readonly viewer: string; readonly subject: string }, boolean>('presence.see')
/** May the others of a conversation be told that this person is writing? */
export const presenceWrite = hook.veto<{
  readonly user: string
  readonly conversation: string
  /** The other person of a direct conversation. */
  readonly peer: string | undefined
}>('presence.write')

/** For other plugins: whether to ring, to push, to tell. */
export interface Presence {
  /** Somebody as they are, whoever asks: `dnd` also says that they want no sound. */
  of(user: string): Awaitable<PersonPresence>
  /**
   * What these two may see of each other has changed, or without `other` what anybody may see of this person. It acts at
   * once on this node.
   */
  reconsider(one: string, other?: string): Promise<void>
}
export const Presence: Token<Presence, 'presence'> = token('presence').of()

/** What a person has set, and when they were last there. */
export const settingModel = model('setting', {
  fields: {
    user: field.id(),
    mode: field.text({ max: 16 }),
    text: field.text({ optional: true }),
    emoji: field.text({ optional: true }),
    until: field.time({ optional: true }),
    hideSeen: field.bool(),
    seen: field.time({ optional: true }),
    /** While they hide: the status as it was when they began to, which is what others are told. */
    told: field.json({ optional: true }),
  },
  key: ['user'],
  personal: {
    user: 'whose',
    mode: 'whether they hide',
    text: 'their status',
    emoji: 'its picture',
    until: 'how long',
    seen: 'when they were there',
    told: 'the status that others are told',
  },
})
