import { z } from 'zod'

const day = 86_400_000

/** Configuration of `groups`. Times in ms. The descriptions make the table in `docs/configuration.md`. */
export const groupsConfig = z
  .object({
    members: z.int().min(2).max(1_000_000).default(100_000).describe('People in one group.'),
    listed: z
      .int()
      .min(1)
      .max(10_000)
      .default(1_000)
      .describe('People of one group with a role or mute of their own, banned, invited, or asking: of each so many.'),
    links: z.int().min(0).max(100).default(20).describe('Links of one group that let in.'),
    invitationMs: z
      .int()
      .min(60_000)
      .max(366 * day)
      .default(30 * day)
      .describe('An invitation that nobody takes is over after so long.'),
  })
  .prefault({})
