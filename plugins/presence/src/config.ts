import { z } from 'zod'

const ms = (least: number, most: number) => z.int().min(least).max(most)

/** Configuration of `presence`. */
export const presenceConfig = z.object({
  graceMs: ms(0, 600_000)
    .default(20_000)
    .describe('Who has lost their last connection is gone after so long: a reconnect within it does not show.'),
  deltaMs: ms(50, 60_000)
    .default(1_000)
    .describe('Those who watch a person are told of changes at most once in this time.'),
  recheckMs: ms(1_000, 3_600_000).default(60_000).describe('Who may see whom is asked again after so long.'),
  writingMs: ms(1_000, 60_000).default(6_000).describe('Who says nothing more has stopped writing after so long.'),
  writingMembers: z
    .int()
    .min(2)
    .max(10_000)
    .default(100)
    .describe('In conversations of so many people and more, nobody is told who is writing.'),
})
