/** `@natter/groups/contract`: groups and channels, and what happens in them. */
import { z } from 'zod'
import { body, command, defineErrors, event, field, model, route, token } from '@natter/core/contract'
import type { Awaitable, Token } from '@natter/core/contract'
import { id, ok, seq, text, time } from '@natter/core/schema'

const minute = 60_000
/** For what changes something: a person does this by hand. */
const byHand = { idempotent: true, limit: { points: 120, windowMs: minute } } as const

// Shapes

/** What a person is in a group. A `reader` may only read. */
const role = z.enum(['owner', 'admin', 'member', 'reader'])
/** What somebody can be made; an owner is made by `transfer`. */
const roleGiven = z.enum(['admin', 'member', 'reader'])
const kind = z.enum(['group', 'channel'])
const settings = z.object({
  name: text(64, 1),
  /** Where its picture is: an address below the chat's prefix, as `setPicture` sets it, or a URL. Empty: none. */
  avatar: text(1_024),
  topic: text(256),
  announcement: text(2_000),
  /** What who comes in is told. */
  welcome: text(500),
  /** Who comes in: everybody, who is let in after asking, or only who is invited or has a link. */
  door: z.enum(['open', 'ask', 'invite']),
  /** What who comes in may read: from then on, or all. */
  history: z.enum(['join', 'start']),
  /** What is who has been given no other role: in a channel a `reader`. */
  standard: z.enum(['member', 'reader']),
  membersInvite: z.boolean(),
  /** Only admins write now. */
  muted: z.boolean(),
  /** A member writes once in so many ms; 0: as they like. */
  slowMs: z.int().min(0).max(86_400_000),
})
const link = z.object({
  link: id,
  by: id,
  at: time,
  until: time.optional(),
  /** How many it still lets in. */
  left: z.int().min(1).optional(),
})

/** A group as a member sees it. */
const group = z.object({
  group: id,
  kind,
  owner: id,
  settings,
  /** How many are in it. */
  size: z.int(),
  me: z.object({ role, mutedUntil: time.optional() }),
  /** Seq of the newest event that is in this. */
  seq,
})

/** What a person is in a group. */
export type Role = z.infer<typeof role>
/** What a person can be made. */
export type RoleGiven = z.infer<typeof roleGiven>
/** What a group is called and how it is kept. */
export type Settings = z.infer<typeof settings>
/** Some of the settings. */
export type SomeSettings = { readonly [K in keyof Settings]?: Settings[K] | undefined }
/** A group as a member sees it. */
export type Group = z.infer<typeof group>

// Events in the log

const by = id
const user = id
const happening = z.discriminatedUnion('what', [
  z.object({ what: z.literal('created'), by, kind, settings }),
  z.object({ what: z.literal('invited'), by, user, until: time }),
  /** Taken back, or turned down by who was invited. */
  z.object({ what: z.literal('uninvited'), by, user }),
  z.object({ what: z.literal('asked'), user, note: text(200).optional() }),
  /** Not let in, or no longer asking. */
  z.object({ what: z.literal('refused'), by, user }),
  /** `by` let them in; `link` did. */
  z.object({ what: z.literal('joined'), user, by: by.optional(), link: id.optional() }),
  z.object({ what: z.literal('left'), user }),
  z.object({ what: z.literal('kicked'), by, user }),
  z.object({ what: z.literal('banned'), by, user }),
  z.object({ what: z.literal('unbanned'), by, user }),
  z.object({ what: z.literal('role'), by, user, role: roleGiven }),
  z.object({ what: z.literal('muted'), by, user, until: time }),
  z.object({ what: z.literal('unmuted'), by, user }),
  z.object({ what: z.literal('set'), by, settings: settings.partial() }),
  z.object({ what: z.literal('transferred'), by, user }),
  z.object({ what: z.literal('linked'), by, link: id, until: time.optional(), uses: z.int().min(1).optional() }),
  z.object({ what: z.literal('unlinked'), by, link: id }),
  /** Their account is no more: they are out, and where the group names them it names `as`, who is nobody. */
  z.object({ what: z.literal('erased'), user, as: id }),
  z.object({ what: z.literal('dissolved'), by }),
  /** After it was dissolved: members are out, some at a time. */
  z.object({ what: z.literal('closed') }),
])
/** What happened in a group. */
export type Happening = z.infer<typeof happening>

/**
 * What happened in a group: an entry of the system in its own order. `event` says what; `version` is the membership version
 * behind it, and `before` the seq of the event before it.
 */
export const groupBody = body('group', z.object({ event: happening, version: z.int().min(1), before: seq }))

// Commands

const place = z.object({ group: id })
const person = z.object({ group: id, user: id })
/** A page of a list: `next` of one is the `page` of the next. */
const page = z.string().max(1_024).optional()

/**
 * Makes a group or a channel, of which I am the owner. `key` is my own id for it: asked again under the same one it is the
 * same group.
 *
 * @throws NATTER_CONFLICT for another group under the same key
 */
export const create = command('groups.create', {
  ...byHand,
  input: z.object({ key: id, kind: kind.default('group'), settings: settings.partial().extend({ name: text(64, 1) }) }),
  output: group,
})
/** A group of mine. @throws NATTER_NOT_FOUND */
export const get = command('groups.get', { idempotent: true, input: place, output: group })
/**
 * Changes what is given of the settings: name, picture and texts with the permission `describe`, the others with `govern`.
 *
 * @throws NATTER_NOT_FOUND, GROUPS_NOT_ALLOWED
 */
export const set = command('groups.set', {
  ...byHand,
  input: z.object({ group: id, settings: settings.partial() }),
  output: group,
})
/** Largest picture of a group, in bytes: so much fits into a frame. */
export const pictureBytes = 40_960
/**
 * Gives the group a picture, with the permission `describe`: a PNG, JPEG, WebP or GIF by its content, of at most 40 KiB and 2,048
 * pixels a side, as base64. Then `settings.avatar` is where it is; whoever knows that address gets it. `set` with an empty `avatar`
 * takes it away. The one that it takes the place of is gone; the same one again changes nothing.
 *
 * @throws NATTER_NOT_FOUND, GROUPS_NOT_ALLOWED, GROUPS_PICTURE_REFUSED
 */
export const setPicture = command('groups.setPicture', {
  ...byHand,
  input: z.object({ group: id, image: z.string().min(4).max(61_440) }),
  output: group,
})
/** The picture of a group, where `settings.avatar` says. */
export const pictureRoute = route('groups.picture', {
  method: 'GET',
  path: '/picture/:group/:picture',
  summary: 'The picture of a group, under the address in its settings',
  status: 200,
  public: true,
  input: z.object({ group: id, picture: id }),
  errors: ['NATTER_NOT_FOUND'],
})
/** Ends it for all, for good. Only its owner. @throws NATTER_NOT_FOUND, GROUPS_NOT_ALLOWED */
export const dissolve = command('groups.dissolve', { ...byHand, input: place, output: ok })
/**
 * Makes another member the owner; I am an admin from then on.
 *
 * @throws NATTER_NOT_FOUND, GROUPS_NOT_ALLOWED, GROUPS_NO_MEMBER
 */
export const transfer = command('groups.transfer', { ...byHand, input: person, output: group })

/**
 * Goes in, by the group's id or by a link. Where one has to ask, this asks: `group` comes when somebody lets me in. A group
 * that is not there, not open to me, or that I am banned from, is one answer; so is a link that is none, over or used up.
 *
 * @throws NATTER_NOT_FOUND, GROUPS_FULL
 */
export const join = command('groups.join', {
  ...byHand,
  input: z.union([z.object({ group: id, note: text(200).optional() }), z.object({ link: z.string().max(130) })]),
  output: z.object({ asked: z.boolean(), group: group.optional() }),
})
/** Goes out. Also no longer asks, and turns an invitation down. @throws NATTER_NOT_FOUND, GROUPS_OWNER */
export const leave = command('groups.leave', { ...byHand, input: place, output: ok })

/**
 * Invites somebody, who comes in by `join`.
 *
 * @throws NATTER_NOT_FOUND, GROUPS_NOT_ALLOWED, NATTER_NOT_AVAILABLE for who is not there or has blocked me, GROUPS_BANNED,
 * GROUPS_TOO_MANY
 */
export const invite = command('groups.invite', { ...byHand, input: person, output: ok })
/** Takes an invitation back: my own, or any with the permission `admit`. @throws NATTER_NOT_FOUND, GROUPS_NOT_ALLOWED */
export const uninvite = command('groups.uninvite', { ...byHand, input: person, output: ok })
/** What I am invited to. */
export const invitations = command('groups.invitations', {
  idempotent: true,
  input: z.object({ page }),
  output: z.object({
    invitations: z.array(z.object({ group: id, kind, name: z.string(), by: id, until: time })),
    next: z.string().optional(),
  }),
})

/** Lets in who asks. @throws NATTER_NOT_FOUND, GROUPS_NOT_ALLOWED, GROUPS_NOT_ASKED, GROUPS_FULL */
export const admit = command('groups.admit', { ...byHand, input: person, output: ok })
/** Does not let in who asks. @throws NATTER_NOT_FOUND, GROUPS_NOT_ALLOWED */
export const refuse = command('groups.refuse', { ...byHand, input: person, output: ok })
/** Who asks, and who is invited. @throws NATTER_NOT_FOUND, GROUPS_NOT_ALLOWED */
export const waiting = command('groups.waiting', {
  idempotent: true,
  input: place,
  output: z.object({
    asked: z.array(z.object({ user: id, at: time, note: z.string().optional() })),
    invited: z.array(z.object({ user: id, by: id, until: time })),
  }),
})

/** Puts a member out; they may come again. @throws NATTER_NOT_FOUND, GROUPS_NOT_ALLOWED */
export const kick = command('groups.kick', { ...byHand, input: person, output: ok })
/** Puts somebody out and keeps them out. @throws NATTER_NOT_FOUND, GROUPS_NOT_ALLOWED, GROUPS_TOO_MANY */
export const ban = command('groups.ban', { ...byHand, input: person, output: ok })
/** Lets them come again. @throws NATTER_NOT_FOUND, GROUPS_NOT_ALLOWED */
export const unban = command('groups.unban', { ...byHand, input: person, output: ok })
/** Who is banned. @throws NATTER_NOT_FOUND, GROUPS_NOT_ALLOWED */
export const banned = command('groups.banned', {
  idempotent: true,
  input: place,
  output: z.object({ banned: z.array(z.object({ user: id, by: id, at: time })) }),
})
/** Gives a member a role below mine. @throws NATTER_NOT_FOUND, GROUPS_NOT_ALLOWED, GROUPS_NO_MEMBER, GROUPS_TOO_MANY */
export const giveRole = command('groups.giveRole', {
  ...byHand,
  input: z.object({ group: id, user: id, role: roleGiven }),
  output: ok,
})
/** Lets a member write nothing for so long. @throws NATTER_NOT_FOUND, GROUPS_NOT_ALLOWED, GROUPS_NO_MEMBER, GROUPS_TOO_MANY */
export const mute = command('groups.mute', {
  ...byHand,
  input: z.object({ group: id, user: id, forMs: z.int().min(1_000).max(31_622_400_000) }),
  output: ok,
})
/** Lets them write again. @throws NATTER_NOT_FOUND, GROUPS_NOT_ALLOWED */
export const unmute = command('groups.unmute', { ...byHand, input: person, output: ok })

/**
 * Makes a link by which people come in, for so long and so many of them where that is given. `key` is my own id for it:
 * asked again under the same one it is the same link. Who has it comes in, until it is taken back.
 *
 * @throws NATTER_NOT_FOUND, GROUPS_NOT_ALLOWED, GROUPS_TOO_MANY
 */
export const makeLink = command('groups.makeLink', {
  ...byHand,
  input: z.object({
    group: id,
    key: id,
    forMs: z.int().min(minute).max(31_622_400_000).optional(),
    uses: z.int().min(1).max(1_000_000).optional(),
  }),
  /** `url` is what `join` takes as its `link`; nobody sees it again. */
  output: z.object({ link: id, url: z.string() }),
})
/** Takes a link back. @throws NATTER_NOT_FOUND, GROUPS_NOT_ALLOWED */
export const dropLink = command('groups.dropLink', { ...byHand, input: z.object({ group: id, link: id }), output: ok })
/** The links that let in. @throws NATTER_NOT_FOUND, GROUPS_NOT_ALLOWED */
export const links = command('groups.links', {
  idempotent: true,
  input: place,
  output: z.object({ links: z.array(link) }),
})

/** Members by id, or with `text` those whose name begins so. @throws NATTER_NOT_FOUND */
export const members = command('groups.members', {
  idempotent: true,
  bulk: true,
  input: z.object({ group: id, text: text(64, 1).optional(), limit: z.int().min(1).max(200).default(100), page }),
  output: z.object({
    members: z.array(z.object({ user: id, role, mutedUntil: time.optional() })),
    next: z.string().optional(),
  }),
})

/** I was invited, or no longer am: `invitations` tells. */
export const invited = event('groups.invited', place)

/** I am no longer in this group. A hint: the list of conversations tells it too. */
export const out = event('groups.out', place)

/** The errors of groups. Who is no member, is banned, or names a group that is not there gets `NATTER_NOT_FOUND`. */
export const GroupsErrors = defineErrors('GROUPS', {
  NOT_ALLOWED: { status: 403, message: 'Your role in this group does not let you do that. Ask an admin.' },
  OWNER: { status: 409, message: 'The owner cannot go. Make somebody else the owner first, or dissolve the group.' },
  NO_MEMBER: { status: 404, message: 'This person is not in the group.' },
  NOT_ASKED: { status: 404, message: 'This person does not ask to come in, or no longer.' },
  BANNED: { status: 409, message: 'This person is banned. Unban them first.' },
  FULL: { status: 409, message: 'The group is full.' },
  TOO_MANY: { status: 409, message: 'The group has as many of these as fit. Take one back first.' },
  PICTURE_REFUSED: { status: 422, message: 'A picture is a PNG, JPEG, WebP or GIF of at most 40 KiB.' },
  READ_ONLY: { status: 403, message: 'You may only read here.' },
  MUTED: { status: 403, message: 'You may not write here for now.' },
  SLOW: { status: 429, message: 'Slow mode: wait a moment before you write again.' },
  MENTION_ALL: { status: 403, message: 'You may not write to all. Take @all out.' },
})

// For other plugins

/** What a role lets do with what is written. */
export type GroupRight = 'clear' | 'pin' | 'govern'
/** Who may what in groups. */
export interface GroupRights {
  /**
   * Whether a member may do this, on what `author` wrote: not on what is of somebody who stands above them. As it is at this
   * membership version or a later one. Nothing for what is no group.
   */
  may(
    group: string,
    user: string,
    what: GroupRight,
    at: { readonly version: number; readonly author?: string },
  ): Awaitable<boolean | undefined>
}
/** The service by which other plugins judge by the roles of groups. */
export const GroupRights: Token<GroupRights, 'groupRights'> = token('groupRights').of()

// Stored data

/** A group as its events up to `seq` made it, at the membership version behind them. The log is the truth. */
export const room = model('room', {
  fields: { group: field.id(), seq: field.int(), version: field.int(), state: field.json() },
  key: ['group'],
  personal: { state: 'the owner, roles, mutes, bans, invitations, who asks and their note, who made links' },
})

/** A member for the list, as of the event at `seq`; `in` is 1 while they are in. */
export const memberRow = model('member', {
  fields: {
    group: field.id(),
    user: field.id(),
    seq: field.int(),
    in: field.int(),
    name: field.text({ max: 64 }),
  },
  key: ['group', 'user'],
  indexes: [
    ['user', 'group'],
    ['group', 'in', 'user'],
    ['group', 'in', 'name', 'user'],
  ],
  personal: { user: 'who is or was in it', name: 'their name, to be found by' },
})

/** That somebody is invited, so that they find it. */
export const invitation = model('invitation', {
  fields: { user: field.id(), group: field.id(), seq: field.int() },
  key: ['user', 'group'],
  personal: { user: 'who is invited' },
})

/** When a member last wrote in slow mode, and with what. */
export const lastWord = model('lastWord', {
  fields: { group: field.id(), user: field.id(), at: field.time(), clientId: field.id() },
  key: ['group', 'user'],
  personal: { user: 'who wrote last', at: 'when' },
})

/** The picture of a group, as base64. */
export const pictureRow = model('picture', {
  fields: {
    group: field.id(),
    picture: field.id(),
    hash: field.text({ max: 22 }),
    type: field.text({ max: 32 }),
    data: field.text({ max: 61_440 }),
    at: field.time(),
  },
  key: ['group', 'picture'],
  personal: { data: 'the picture of a group, which may show people' },
})
