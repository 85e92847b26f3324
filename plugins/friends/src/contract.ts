/** `@natter/friends/contract`: what people are to each other, and how other plugins ask about it. */
import { z } from 'zod'
import { command, defineErrors, event, field, hook, model, token } from '@natter/core/contract'
import type { Awaitable, Token } from '@natter/core/contract'
import { id, ok, profile, text, time } from '@natter/core/schema'

// What other plugins ask

/** What a person lets others do: write to them, ask to be friends, call, see whether they are there, find them. */
export type Permission = 'message' | 'add' | 'call' | 'presence' | 'find'

/**
 * What people are to each other. Provided by `friends()`; a host with relations of its own provides it instead, and lists
 * `relationsGuard()` of `@natter/friends/guard`, which refuses by it.
 *
 * An answer may be remembered, but for no more than a second: then a block made on another node counts here too.
 */
export interface Relations {
  /** Whether one of the two has blocked the other. Never oneself. */
  blocked(a: string, b: string): Awaitable<boolean>
  /** Whether `subject` lets `viewer` do this. Never where one has blocked the other; always where they are the same. */
  may(viewer: string, subject: string, what: Permission): Awaitable<boolean>
  /** The ids of a person's friends, at most `limit` (1 to 500, default 100); `next` continues after them. */
  friendsOf(
    user: string,
    page?: { readonly limit?: number; readonly after?: string },
  ): Promise<{ readonly users: readonly string[]; readonly next: string | undefined }>
}
export const Relations: Token<Relations, 'relations'> = token('relations').of()

/** What changed between two people, or what a person lets others do. */
export type RelationChange =
  | { readonly kind: 'added' | 'removed' | 'blocked' | 'unblocked'; readonly user: string; readonly other: string }
  | { readonly kind: 'privacy'; readonly user: string }

/**
 * Something changed: `user` and `other` are friends now or no longer, `user` blocked or unblocked `other`, or `user`
 * changed what others may. A hint: ask `Relations` for what is. Heard on all nodes that a bus connects.
 */
export const relationChanged = hook.notify<RelationChange>('relations.changed')

// Shapes

const name = text(64, 1)
const handle = text(64, 1)
const note = text(400)
  .refine((written) => [...written].length <= 200, 'must have at most 200 characters')
  .optional()
const minute = 60_000
/** For what changes something: a person does this by hand. */
const byHand = { idempotent: true, limit: { points: 120, windowMs: minute } } as const

/** A person in my list. */
const contact = z.object({
  user: id,
  /** `none`: I have only blocked them. */
  is: z.enum(['friend', 'incoming', 'outgoing', 'none']),
  blocked: z.boolean().optional(),
  /** Since when it is so. */
  at: time,
  /** Of a request. */
  note: z.string().optional(),
  expiresAt: time.optional(),
  /** My own name for a friend, and the groups that I put them into; nobody else sees either. */
  remark: z.string().optional(),
  groups: z.array(id).optional(),
})
const group = z.object({ id, name: z.string() })
const who = z.enum(['everyone', 'friends', 'nobody'])
const privacyAnswer = z.object({ message: who, add: who, call: who, presence: who, find: who })
const person = z.object({ user: id })
const people = z.object({ people: z.array(profile) })

/** A person in my list. */
export type Contact = z.infer<typeof contact>
/** One of my groups of friends. */
export type FriendGroup = z.infer<typeof group>
/** Whom a person lets do what. */
export type Privacy = z.infer<typeof privacyAnswer>

// Commands

/**
 * Asks to be friends, by id or by exact handle. Where they have asked me, we are friends at once; asked twice is asked once.
 *
 * @throws NATTER_NOT_AVAILABLE for who is not there, does not let me, or has blocked me, FRIENDS_SELF,
 * FRIENDS_YOU_BLOCKED, FRIENDS_TOO_SOON, FRIENDS_TOO_MANY_OPEN, NATTER_RATE_LIMITED
 */
export const request = command('friends.request', {
  ...byHand,
  input: z.union([z.object({ user: id, note }), z.object({ handle, note })]),
  output: contact,
})
/** Takes a request. @throws NATTER_NOT_FOUND where there is none, or none any more */
export const accept = command('friends.accept', { ...byHand, input: person, output: contact })
/** Turns a request down. They see only that it is gone. */
export const reject = command('friends.reject', { ...byHand, input: person, output: ok })
/** Takes my own request back. */
export const cancel = command('friends.cancel', { ...byHand, input: person, output: ok })
/** Ends a friendship, for both. */
export const remove = command('friends.remove', { ...byHand, input: person, output: ok })
/** My own name for a friend; an empty one takes it away. @throws NATTER_NOT_FOUND for who is no friend */
export const remark = command('friends.remark', {
  ...byHand,
  input: z.object({ user: id, remark: text(64) }),
  output: contact,
})

/** Makes a group of friends; where I have one of this name, it is that one. @throws FRIENDS_TOO_MANY */
export const createGroup = command('friends.createGroup', { ...byHand, input: z.object({ name }), output: group })
/** Gives a group another name. @throws NATTER_NOT_FOUND, FRIENDS_GROUP_EXISTS */
export const renameGroup = command('friends.renameGroup', {
  ...byHand,
  input: z.object({ group: id, name }),
  output: group,
})
/** Removes a group; the friends in it stay friends. */
export const deleteGroup = command('friends.deleteGroup', { ...byHand, input: z.object({ group: id }), output: ok })
/** Puts a friend into exactly these groups. @throws NATTER_NOT_FOUND for who is no friend, and what is no group */
export const assign = command('friends.assign', {
  ...byHand,
  input: z.object({ user: id, groups: z.array(id).max(20) }),
  output: contact,
})

/**
 * Blocks a person: from my next breath on they cannot write to me, ask, call, or see me, and I do none of it to them. It
 * ends a friendship and requests. They are not told. @throws FRIENDS_SELF
 */
export const block = command('friends.block', { ...byHand, input: person, output: contact })
/** Takes a block back. What it ended does not come again. */
export const unblock = command('friends.unblock', { ...byHand, input: person, output: ok })
/** Sets whom I let do what, as far as it is given, and answers what then holds. */
export const privacy = command('friends.privacy', { ...byHand, input: privacyAnswer.partial(), output: privacyAnswer })

/**
 * What changed in my list after a version; without one, all of it. While there is `next`, ask with it as `page`; then with
 * `after: version`. `reset`: that version is too old, so this is all; drop what is held.
 */
export const sync = command('friends.sync', {
  idempotent: true,
  bulk: true,
  input: z.object({
    after: z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
    page: z.string().max(1_024).optional(),
  }),
  output: z.object({
    version: z.int(),
    reset: z.boolean(),
    contacts: z.array(contact),
    /** Who is no longer in my list. */
    gone: z.array(id),
    groups: z.array(group).optional(),
    privacy: privacyAnswer.optional(),
    next: z.string().optional(),
  }),
})

/** A person by their exact handle. @throws NATTER_NOT_AVAILABLE */
export const find = command('friends.find', {
  idempotent: true,
  limit: { points: 60, windowMs: minute },
  input: z.object({ handle }),
  output: profile,
})
/** People by a part of their name, where the host offers it. @throws FRIENDS_NOT_OFFERED */
export const search = command('friends.search', {
  idempotent: true,
  limit: { points: 60, windowMs: minute },
  input: z.object({ text: text(64, 1) }),
  output: people,
})
/** People whom I may know, where the host offers it. @throws FRIENDS_NOT_OFFERED */
export const suggest = command('friends.suggest', {
  idempotent: true,
  limit: { points: 60, windowMs: minute },
  input: ok,
  output: people,
})

/** My list is at this version now: `sync` gives what changed. */
export const changed = event('friends.changed', z.object({ version: z.int() }))

/** The errors of friends and requests. */
export const FriendsErrors = defineErrors('FRIENDS', {
  SELF: { status: 422, message: 'That is you. Choose another person.' },
  YOU_BLOCKED: { status: 409, message: 'You have blocked this person. Unblock them first.' },
  TOO_SOON: { status: 429, message: 'Your last request was not taken. Ask again later.' },
  TOO_MANY_OPEN: { status: 409, message: 'As many of your requests are open as may be. Cancel one first.' },
  TOO_MANY: { status: 409, message: 'You have as many of these as fit. Delete one first.' },
  GROUP_EXISTS: { status: 409, message: 'You have a group of this name. Choose another name.' },
  NOT_OFFERED: { status: 404, message: 'This server does not offer that.' },
})

// Stored data

/**
 * Two people, the smaller id first: the one truth about them. `state` is from the side of `a`; what is of a side has its
 * letter.
 */
export const pair = model('pair', {
  fields: {
    a: field.id(),
    b: field.id(),
    state: field.text({ max: 8 }),
    at: field.time(),
    note: field.text({ max: 400, optional: true }),
    expiresAt: field.time({ optional: true }),
    /** When this side blocked the other, and when its last request was turned down. */
    blockA: field.time({ optional: true }),
    blockB: field.time({ optional: true }),
    refusedA: field.time({ optional: true }),
    refusedB: field.time({ optional: true }),
    /** This side wrote to the other, and so lets them answer. */
    lets: field.text({ max: 2 }),
    /** Whose lists do not tell of it yet, and since when. */
    tell: field.text({ max: 2, optional: true }),
    tellAt: field.time({ optional: true }),
    /** When a request is over, or a row that says nothing can go. */
    dueAt: field.time({ optional: true }),
    /** Another one after each change. */
    stamp: field.id(),
  },
  key: ['a', 'b'],
  indexes: [['b', 'a'], ['a', 'state', 'b'], ['b', 'state', 'a'], ['tellAt'], ['dueAt']],
  personal: {
    a: 'one of two people',
    b: 'the other',
    state: 'what they are to each other',
    at: 'since when',
    note: 'what one wrote to the other',
    blockA: 'whom one blocked',
    blockB: 'whom the other blocked',
    refusedA: 'whom one turned down',
    refusedB: 'whom the other turned down',
  },
})

/** What a person notes of another for themselves. */
export const card = model('card', {
  fields: {
    user: field.id(),
    other: field.id(),
    remark: field.text({ max: 64, optional: true }),
    groups: field.json({ optional: true }),
  },
  key: ['user', 'other'],
  indexes: [['other', 'user']],
  personal: { user: 'who notes', other: 'of whom', remark: 'what they note', groups: 'where they put them' },
})

/** A person's list: its version, the newest changes in their order, their groups, and requests sent in this window. */
export const book = model('book', {
  fields: {
    user: field.id(),
    version: field.int(),
    /** Changes up to this version are no longer told one by one. */
    floor: field.int(),
    recent: field.json(),
    groups: field.json(),
    askedSince: field.time(),
    asked: field.int(),
  },
  key: ['user'],
  personal: {
    user: 'whose list',
    recent: 'about whom it changed',
    groups: 'what they call their groups',
    askedSince: 'when they asked others',
    asked: 'how often',
  },
})

/** Whom a person lets do what, where it is not the default. */
export const setting = model('setting', {
  fields: {
    user: field.id(),
    message: field.text({ max: 8, optional: true }),
    add: field.text({ max: 8, optional: true }),
    call: field.text({ max: 8, optional: true }),
    presence: field.text({ max: 8, optional: true }),
    find: field.text({ max: 8, optional: true }),
  },
  key: ['user'],
  personal: {
    user: 'whose',
    message: 'who may write to them',
    add: 'who may ask them',
    call: 'who may call',
    presence: 'who sees them',
    find: 'who finds them',
  },
})

/** How often something changed that nodes remember, by part. */
export const mark = model('mark', {
  fields: { part: field.int(), version: field.int() },
  key: ['part'],
  personal: 'none',
})
