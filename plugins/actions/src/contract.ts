/** `@natter/actions/contract`: what one does to messages, and how they are then. */
import { z } from 'zod'
import { body, command, defineErrors, event, field, model } from '@natter/core/contract'
import { id, ok, seq, text, time } from '@natter/core/schema'

export * from './scheduled-contract.js'
export * from './timer-contract.js'

/** For what a person does by hand. */
const byHand = { idempotent: true, limit: { points: 120, windowMs: 60_000 } } as const

// Shapes

const longestText = 16_384
const mentions = z.array(id).max(50)
const place = { conversation: id, seq: seq.min(1) }
const target = z.object(place)
/** A conversation, or a person: the direct conversation with them. */
const address = z.union([id, z.object({ user: id })])
/** One emoji, as a person sees it. */
const emoji = text(32, 1).refine(isEmoji, 'must be one emoji')

/** An entry as it stands now. */
const entry = z.object({
  seq,
  /** Messages up to it. */
  n: seq,
  from: z.string(),
  at: time,
  clientId: z.string(),
  body: z.record(z.string(), z.unknown()),
  /** Seq of the entry that last changed it. */
  changed: seq.optional(),
})

/** An entry as it stands now. */
export type EntryNow = z.infer<typeof entry>

function isEmoji(given: string): boolean {
  if (!/[\p{Extended_Pictographic}\p{Regional_Indicator}\u20e3]/u.test(given) || /[\p{Cc}\s]/u.test(given)) return false
  return [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(given)].length === 1
}

// Bodies

/**
 * What was done to the message `of`, by whom: an entry of the system in the conversation's own order. It carries no text: what
 * an edited message says is in the message. What disappears does so by the system.
 */
export const actBody = body(
  'act',
  z.object({
    what: z.enum(['edited', 'deleted', 'reacted', 'unreacted', 'pinned', 'unpinned', 'voted', 'closed', 'expired']),
    by: id,
    of: seq,
    emoji: z.string().optional(),
    choices: z.array(z.int()).optional(),
  }),
)

/**
 * What is left of a message that was deleted for all: by whom, unless they were erased, and in which thread it stands. With
 * `expired` it has disappeared at its time, and is not to be shown.
 */
export const deletedBody = body(
  'deleted',
  z.object({ by: id.optional(), thread: seq.optional(), expired: z.literal(true).optional() }),
)

/**
 * A text that answers the message `to`, in the thread of the message `thread` where that is given. It names the message and
 * copies nothing of it.
 */
export const replyBody = body(
  'reply',
  z.object({
    to: seq.min(1),
    thread: seq.min(1).optional(),
    text: text(longestText, 1),
    mentions: mentions.optional(),
  }),
)

/**
 * A question with answers to choose from: one, or with `multi` several. In an `anonymous` one nobody learns who chose what: ids
 * that are nobody's stand for those who vote. It is open until it is closed, or until a time in ms.
 */
export const pollBody = body(
  'poll',
  z.object({
    question: text(300, 1),
    options: z.array(text(100, 1)).min(2).max(20),
    multi: z.boolean().default(false),
    anonymous: z.boolean().default(false),
    until: time.optional(),
  }),
)

/** A text that somebody passed on: who wrote it, and how often it was passed on. Made by `actions.forward` alone. */
export const forwardBody = body(
  'forward',
  z.object({ text: text(longestText, 1), author: id.optional(), hops: z.int().min(1) }),
)

// Commands

/**
 * Changes what a text of mine says, for a while after it was sent. It is judged as a new one is: who may not write may not
 * edit. Unread messages mention whom they mention now.
 *
 * @throws NATTER_NOT_FOUND, ACTIONS_NOT_YOURS, ACTIONS_TOO_LATE, ACTIONS_DELETED, ACTIONS_CANNOT, and refusals of hooks
 */
export const edit = command('actions.edit', {
  ...byHand,
  input: z.object({ ...place, text: text(longestText, 1), mentions: mentions.optional() }),
  output: ok,
})

/**
 * Deletes a message for all: mine for a while after it was sent, or one of others where my role lets me. Its text is gone from
 * the store, its place stays.
 *
 * @throws NATTER_NOT_FOUND, ACTIONS_NOT_ALLOWED, ACTIONS_TOO_LATE, ACTIONS_CANNOT
 */
export const deleteForAll = command('actions.deleteForAll', { ...byHand, input: target, output: ok })

/** Deletes messages for me alone, on all of my devices, for good. @throws NATTER_NOT_FOUND, ACTIONS_TOO_MANY */
export const remove = command('actions.remove', {
  ...byHand,
  input: z.object({ conversation: id, seqs: z.array(seq.min(1)).min(1).max(100) }),
  output: ok,
})
/** What I have deleted for me alone in a conversation. @throws NATTER_NOT_FOUND */
export const removals = command('actions.removals', {
  idempotent: true,
  input: z.object({ conversation: id }),
  output: z.object({ seqs: z.array(seq) }),
})

/**
 * Reacts to a message: each person with each emoji once.
 *
 * @throws NATTER_NOT_FOUND, ACTIONS_DELETED, ACTIONS_CANNOT, ACTIONS_TOO_MANY, and refusals of hooks
 */
export const react = command('actions.react', { ...byHand, input: z.object({ ...place, emoji }), output: ok })
/** Takes a reaction of mine back. @throws NATTER_NOT_FOUND */
export const unreact = command('actions.unreact', {
  ...byHand,
  input: z.object({ ...place, emoji: text(32, 1) }),
  output: ok,
})

/**
 * Pins a message for all who are in the conversation; in groups with the permission `pin`.
 *
 * @throws NATTER_NOT_FOUND, ACTIONS_NOT_ALLOWED, ACTIONS_DELETED, ACTIONS_CANNOT, ACTIONS_TOO_MANY, and refusals of hooks
 */
export const pin = command('actions.pin', { ...byHand, input: target, output: ok })
/** Takes a pin off. @throws NATTER_NOT_FOUND, ACTIONS_NOT_ALLOWED */
export const unpin = command('actions.unpin', { ...byHand, input: target, output: ok })
/** What is pinned and mine to read, the newest pin first. @throws NATTER_NOT_FOUND */
export const pins = command('actions.pins', {
  idempotent: true,
  bulk: true,
  input: z.object({ conversation: id }),
  output: z.object({ pins: z.array(z.object({ by: id, at: time, entry })) }),
})

/**
 * Votes in a poll, in place of what I chose before; without choices it is taken back. `as` is the id that stands for me there:
 * my own, or in an anonymous poll one that is nobody's.
 *
 * @throws NATTER_NOT_FOUND, ACTIONS_CANNOT, ACTIONS_CLOSED, ACTIONS_CHOICE, ACTIONS_DELETED, ACTIONS_TOO_MANY, and refusals of
 * hooks
 */
export const vote = command('actions.vote', {
  ...byHand,
  input: z.object({ ...place, choices: z.array(z.int().min(0).max(19)).max(20) }),
  output: z.object({ as: id }),
})
/** What stands for me in a poll, so that I find what I chose. @throws NATTER_NOT_FOUND, ACTIONS_CANNOT */
export const ballot = command('actions.ballot', { idempotent: true, input: target, output: z.object({ as: id }) })
/**
 * Closes a poll: mine, or with the permission `clear` any.
 *
 * @throws NATTER_NOT_FOUND, ACTIONS_NOT_ALLOWED, ACTIONS_CANNOT, ACTIONS_DELETED
 */
export const closePoll = command('actions.closePoll', { ...byHand, input: target, output: ok })

/**
 * Passes a text on: a copy of it goes to each place as a message of mine, with all that hooks say to it, and carries no right
 * to where it comes from. Nobody is mentioned by it. `key` is my own id for this: asked again under the same one nothing goes
 * twice. `named` tells who wrote it.
 *
 * @throws NATTER_NOT_FOUND, ACTIONS_DELETED, ACTIONS_CANNOT, ACTIONS_TOO_FAR, ACTIONS_TOO_MANY. A place that refuses says so
 * in `error`, and the others get it.
 */
export const forward = command('actions.forward', {
  ...byHand,
  input: z.object({ ...place, to: z.array(address).min(1).max(50), key: id, named: z.boolean().default(false) }),
  output: z.object({
    sent: z.array(z.object({ conversation: id.optional(), seq: seq.optional(), error: z.string().optional() })),
  }),
})

/** Entries as they stand now, as far as they are there and mine to read. @throws NATTER_NOT_FOUND */
export const entries = command('actions.entries', {
  idempotent: true,
  bulk: true,
  input: z.object({ conversation: id, seqs: z.array(seq.min(1)).min(1).max(50) }),
  output: z.object({ entries: z.array(entry) }),
})

/** A page of the answers in a message's thread, ascending: the newest, or those below `before`. @throws NATTER_NOT_FOUND */
export const thread = command('actions.thread', {
  idempotent: true,
  bulk: true,
  input: z.object({ ...place, before: seq.optional(), limit: z.int().min(1).max(50).default(50) }),
  output: z.object({ entries: z.array(entry), more: z.boolean() }),
})

/** What an edited message said before, oldest first, where the server keeps that. @throws NATTER_NOT_FOUND */
export const editions = command('actions.editions', {
  idempotent: true,
  bulk: true,
  input: target,
  output: z.object({
    editions: z.array(z.object({ text: z.string(), until: time })),
  }),
})

/** I deleted messages for me alone, on one of my devices. A hint: `removals` tells it too. */
export const removed = event('actions.removed', z.object({ conversation: id, seqs: z.array(seq) }))

/** The errors of actions. What is not there, and what is not mine to read, is `NATTER_NOT_FOUND`. */
export const ActionsErrors = defineErrors('ACTIONS', {
  NOT_YOURS: { status: 403, message: 'This message is not yours. Only its author can change it.' },
  NOT_ALLOWED: { status: 403, message: 'Your role here does not let you do that. Ask an admin.' },
  TOO_LATE: { status: 409, message: 'It is too late for that. Send another message instead.' },
  DELETED: { status: 410, message: 'This message was deleted.' },
  CANNOT: { status: 422, message: 'This is not possible with this kind of message.' },
  TOO_MANY: { status: 409, message: 'There are as many of these as fit. Take one back first.' },
  CLOSED: { status: 409, message: 'This poll is closed.' },
  CHOICE: { status: 422, message: 'Choose one of the options, or several where the poll allows it.' },
  WHEN: {
    status: 422,
    message: 'Choose a time that is at least five seconds ahead, and not further than the server allows.',
  },
  TOO_FAR: { status: 422, message: 'This message was passed on too often. Write it anew.' },
})

// Stored data

/**
 * What is about to happen to a message, written before its entry and gone when the message shows it: with what of it is in no
 * log. Of whom died in between, who comes next finds it.
 */
export const pending = model('pending', {
  fields: {
    conversation: field.id(),
    /** Sender and client id of the entry that makes it so. */
    sender: field.id(),
    clientId: field.id(),
    target: field.int(),
    at: field.time(),
    change: field.json(),
  },
  key: ['conversation', 'sender', 'clientId'],
  indexes: [['conversation', 'target'], ['at']],
  personal: { sender: 'who answers in a thread', change: 'who is about to do what, until it is done' },
})

/** What a message said before the edit at `by`, where that is kept. */
export const edition = model('edition', {
  fields: { conversation: field.id(), seq: field.int(), by: field.int(), until: field.time(), text: field.text() },
  key: ['conversation', 'seq', 'by'],
  personal: { text: 'what somebody wrote before they edited it' },
})

/** That a message is pinned, or was (`live` 0), as of the entry at `by`. */
export const pinRow = model('pin', {
  fields: {
    conversation: field.id(),
    seq: field.int(),
    live: field.int(),
    by: field.int(),
    user: field.id(),
    at: field.time(),
  },
  key: ['conversation', 'seq'],
  indexes: [['conversation', 'live', 'by'], ['user']],
  personal: { user: 'who pinned it' },
})

/** That an entry is an answer in a thread. */
export const answer = model('answer', {
  fields: { conversation: field.id(), root: field.int(), seq: field.int() },
  key: ['conversation', 'root', 'seq'],
  personal: 'none',
})

/** What somebody deleted for themselves alone. */
export const removal = model('removal', {
  fields: { user: field.id(), conversation: field.id(), version: field.int(), seqs: field.json() },
  key: ['user', 'conversation'],
  personal: { user: 'who deleted for themselves', seqs: 'what' },
})
