import { z } from 'zod'
import type { Awaitable } from '@natter/core/contract'

/** Gives the ids of people for a text that `user` typed. */
type Directory = (user: string, text: string) => Awaitable<readonly string[]>

/** Configuration of `search`. The descriptions make the table in `docs/configuration.md`. */
export const searchConfig = z
  .object({
    people: z
      .custom<Directory>((given) => typeof given === 'function', 'must be a function')
      .optional()
      .describe(
        'Further people for a text that somebody typed, by their ids. Without it one finds those one talks with.',
      ),
    looked: z
      .int()
      .min(50)
      .max(5_000)
      .default(500)
      .describe('Messages that are looked at for one page of what is found.'),
  })
  .prefault({})
