import { z } from 'zod'
import type { Awaitable } from '@natter/core/contract'
import type { Privacy } from './contract.js'

const day = 86_400_000

const who = (standard: Privacy['message']) => z.enum(['everyone', 'friends', 'nobody']).default(standard)
const question = <F>() => z.custom<F>((given) => typeof given === 'function', 'must be a function').optional()

/** Gives the ids of people for a text that `user` typed. */
type Search = (user: string, text: string) => Awaitable<readonly string[]>
/** Gives the ids of people whom `user` may know. */
type Suggest = (user: string) => Awaitable<readonly string[]>

/** Configuration of `friends`. Times in ms. The descriptions make the table in `docs/configuration.md`. */
export const friendsConfig = z
  .object({
    privacy: z
      .object({
        message: who('everyone').describe('Who may write to somebody who has set nothing.'),
        add: who('everyone').describe('Who may ask them to be friends.'),
        call: who('friends').describe('Who may call them.'),
        presence: who('friends').describe('Who sees whether they are there.'),
        find: who('everyone').describe('Who finds them, by handle, search or suggestion.'),
      })
      .prefault({}),
    requestLifeMs: z
      .int()
      .min(60_000)
      .max(366 * day)
      .default(30 * day)
      .describe('A request that nobody answers is over after so long.'),
    requestAgainMs: z
      .int()
      .min(0)
      .max(366 * day)
      .default(7 * day)
      .describe('After a request was turned down, so long the same person cannot be asked again.'),
    openRequests: z.int().min(1).max(1_000).default(100).describe('Requests of one person that may be open.'),
    requests: z
      .object({ points: z.int().min(1).default(50), windowMs: z.int().min(1_000).default(day) })
      .prefault({})
      .describe('Requests that a person sends.'),
    groups: z.int().min(0).max(200).default(50).describe('Groups of friends that a person may make.'),
    search: question<Search>().describe('Ids of people for a text that somebody typed. Without it there is no search.'),
    suggest: question<Suggest>().describe('Ids of people whom somebody may know. Without it there are no suggestions.'),
  })
  .prefault({})

/** The configuration of `friends` with its defaults filled in. */
export type FriendsConfig = z.output<typeof friendsConfig>
