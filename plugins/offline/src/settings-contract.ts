// What a person sets for their own conversations; a part of `@natter/offline/contract`.
import { z } from 'zod'
import { command, defineErrors, event, field, model } from '@natter/core/contract'
import { id, seq, text, time } from '@natter/core/schema'

/** For what a person does by hand; drafts are set while they write. */
const byHand = { idempotent: true, limit: { points: 300, windowMs: 60_000 } } as const
/** Until a time in ms, or for good. */
const muted = z.union([z.literal(true), time])
const setting = z.object({
  conversation: id,
  /** Of the change that made it so. Of two, the one with the higher version holds. */
  version: z.int(),
  muted: muted.optional(),
  /** Pinned at this place: the smaller number stands above. */
  pinned: z.int().optional(),
  archived: z.boolean().optional(),
  /** Hidden up to this seq: shown again by the next message, or when I read beyond it. */
  hidden: seq.optional(),
  /** Marked as unread when my read mark stood here: so until I read on. */
  unread: seq.optional(),
  /** What I was writing. */
  draft: z.string().optional(),
})

/** What I have set for one conversation; one without any field is as if never set. Nobody else ever sees it. */
export type ConversationSetting = z.infer<typeof setting>

/**
 * Sets something for one of my conversations, as far as it is given, on all of my devices; `null`, `false` and an empty
 * draft take it away. `hidden` is the newest seq that I see, `unread` my read mark as I see it: repeated or late, neither
 * says more than was meant.
 *
 * @throws NATTER_NOT_FOUND where I am not in it, OFFLINE_TOO_MANY, NATTER_TOO_LARGE for a draft of more than 16,384 bytes
 * @example
 * await chat.offline.set({ conversation, muted: Date.now() + 3_600_000, pinned: 1 })
 */
export const set = command('offline.set', {
  ...byHand,
  input: z.object({
    conversation: id,
    muted: muted.nullable().optional(),
    pinned: z.int().min(0).max(Number.MAX_SAFE_INTEGER).nullable().optional(),
    archived: z.boolean().optional(),
    hidden: seq.nullable().optional(),
    unread: seq.nullable().optional(),
    draft: text(16_384).optional(),
  }),
  output: setting,
})

/**
 * Whether I read without telling others. Then `read` moves on my own devices only, and others learn at most what my devices
 * have received. What they were told before stays told.
 */
export const privacy = command('offline.privacy', {
  ...byHand,
  input: z.object({ privateRead: z.boolean() }),
  output: z.object({ version: z.int(), privateRead: z.boolean() }),
})

/**
 * Who has read an entry, and who has only received it, as far as they let others know; without its author. For
 * conversations of at most 100 people; nobody is told of it live.
 *
 * @throws NATTER_NOT_FOUND for what is not there or not mine to read, OFFLINE_GROUP_LARGE
 */
export const readBy = command('offline.readBy', {
  idempotent: true,
  limit: { points: 300, windowMs: 60_000 },
  input: z.object({ conversation: id, seq: seq.min(1) }),
  output: z.object({ read: z.array(id), received: z.array(id) }),
})

/**
 * What changed in my settings since a cursor; without one, all of them. Ask again with the new cursor while `more`. `reset`:
 * the cursor tells nothing any more; drop what is held, this starts anew.
 */
export const settings = command('offline.settings', {
  idempotent: true,
  bulk: true,
  input: z.object({ cursor: z.string().max(256).optional() }),
  output: z.object({
    cursor: z.string(),
    /** Up to which everything is told, in this answer and those before. */
    version: z.int(),
    more: z.boolean(),
    reset: z.boolean(),
    settings: z.array(setting),
    privateRead: z.boolean(),
  }),
})

/**
 * I set something on one of my devices. Versions go up by one: who has not heard the one before asks `settings`.
 */
export const changed = event(
  'offline.changed',
  z.object({ version: z.int(), setting: setting.optional(), privateRead: z.boolean().optional() }),
)

/** The errors of settings and receipts. */
export const OfflineErrors = defineErrors('OFFLINE', {
  GROUP_LARGE: { status: 422, message: 'There are too many people in this conversation to tell who has read.' },
  TOO_MANY: { status: 409, message: 'You have set something for as many conversations as fit. Take one back first.' },
})

/** What somebody set for a conversation. */
export const settingModel = model('setting', {
  fields: {
    user: field.id(),
    conversation: field.id(),
    version: field.int(),
    muted: field.time({ optional: true }),
    pinned: field.int({ optional: true }),
    archived: field.bool({ optional: true }),
    hidden: field.int({ optional: true }),
    unread: field.int({ optional: true }),
    draft: field.text({ optional: true }),
    /** Messages up to the newest entry that was ever hidden: never back, so that what was hidden does not count as unread. */
    hiddenN: field.int({ optional: true }),
    /** Where the person has read and received what others are not to know, and the messages up to there. */
    read: field.int({ optional: true }),
    readN: field.int({ optional: true }),
    received: field.int({ optional: true }),
  },
  key: ['user', 'conversation'],
  indexes: [['user', 'version']],
  personal: {
    user: 'whose',
    conversation: 'where',
    muted: 'how long',
    hidden: 'up to where',
    draft: 'what they are writing',
    read: 'what they read in private',
    received: 'what they got in private',
  },
})

/** A person's settings as a whole: the version, and the change that made it, which is true before its row is written. */
export const bookModel = model('book', {
  fields: {
    user: field.id(),
    version: field.int(),
    pending: field.json({ optional: true }),
    /** Conversations for which something is set. */
    live: field.int(),
    privateRead: field.bool(),
    /** Some row says where the person is, beside the log. */
    places: field.bool(),
  },
  key: ['user'],
  personal: { user: 'whose', pending: 'their newest setting', privateRead: 'whether they read in private' },
})

/**
 * The newest mentions of somebody in a conversation, `*` for those of everybody: one row for the conversation, however many
 * people are in it.
 */
export const mentionModel = model('mention', {
  fields: {
    who: field.text({ max: 64 }),
    conversation: field.id(),
    version: field.int(),
    /** Seqs, ascending. */
    recent: field.json(),
  },
  key: ['who', 'conversation'],
  personal: { who: 'who is mentioned', recent: 'where' },
})
