/** `@natter/search/contract`: what can be searched for, and what is found. */
import { z } from 'zod'
import { command, defineErrors, field, hook, model } from '@natter/core/contract'
import { id, profile, seq, text, time } from '@natter/core/schema'

const byHand = { idempotent: true, limit: { points: 120, windowMs: 60_000 } } as const
const words = text(200)

// Commands

const hit = z.object({
  conversation: id,
  seq,
  from: z.string(),
  at: time,
  clientId: z.string(),
  /** Its kind of body. */
  type: z.string(),
  /** A piece of what it says as it stands now, around the first place that matches; empty where it says nothing. */
  text: z.string(),
  /** Where in `text` words match: from and to, in UTF-16 units. */
  matches: z.array(z.tuple([z.int(), z.int()])),
  /** Whether there is more before and behind the piece. */
  cut: z.tuple([z.boolean(), z.boolean()]),
  hasFile: z.boolean(),
})
/** A message that was found. */
export type MessageHit = z.infer<typeof hit>

/**
 * Messages that are mine to read, the newest first: with all of these words or words that begin so, of this sender, in this
 * conversation, of this time, with a file. A message is found within about a second after it was sent.
 *
 * `more`: ask again with `cursor`; a page may be short, or empty, and not the last. Without `in`, the 1,000 conversations are
 * looked through in which something happened last.
 *
 * @throws NATTER_NOT_FOUND for a conversation that is not there or not mine, SEARCH_NOTHING
 */
export const messages = command('search.messages', {
  ...byHand,
  bulk: true,
  input: z.object({
    text: words.optional(),
    from: id.optional(),
    in: id.optional(),
    /** From this time on, ms. */
    since: time.optional(),
    /** Up to before this time, ms. */
    until: time.optional(),
    hasFile: z.literal(true).optional(),
    limit: z.int().min(1).max(50).default(20),
    cursor: z.string().max(200).optional(),
  }),
  output: z.object({ hits: z.array(hit), more: z.boolean(), cursor: z.string().optional() }),
})

/**
 * People whose names or handles have all of these words, or words that begin so: those I talk with, whoever has exactly this
 * handle, and whom the host names. Who does not let me find them is not among them.
 *
 * @throws SEARCH_NOTHING
 */
export const people = command('search.people', {
  ...byHand,
  input: z.object({ text: words, limit: z.int().min(1).max(50).default(20) }),
  output: z.object({ people: z.array(profile) }),
})

// Hooks

/** What of a message is to be found. */
export interface Searchable {
  readonly text: string
  readonly hasFile: boolean
}
/**
 * What is to be found of a body, for who declares its kind. Without an answer it is its `text`, of a poll the question and the
 * options, and no file.
 */
export const searchBody = hook.first<
  { readonly type: string; readonly fields: Readonly<Record<string, unknown>> },
  Searchable
>('search.body')

/** The errors of search. */
export const SearchErrors = defineErrors('SEARCH', {
  NOTHING: { status: 422, message: 'There is nothing to look for. Name a word, a sender or a file.' },
  CURSOR: { status: 422, message: 'This is not a cursor of a search. Begin without one.' },
})

// Stored data

/** The words of a message as of the entry at `version`, 0 where nothing changed it; without words once it says nothing. */
export const textRow = model('text', {
  fields: { conversation: field.id(), seq: field.int(), version: field.int(), at: field.time(), terms: field.text() },
  key: ['conversation', 'seq'],
  indexes: [['at']],
  terms: 'terms',
  personal: { terms: 'the words of what somebody wrote, with a digest of who it was' },
})

/** How far a conversation is in the index, and which entry that is. */
export const place = model('place', {
  fields: { conversation: field.id(), seq: field.int(), clientId: field.id() },
  key: ['conversation'],
  personal: 'none',
})

/** Up to which change of the log all is in the index: one row. */
export const position = model('position', {
  fields: { of: field.id(), mark: field.int() },
  key: ['of'],
  personal: 'none',
})
