/** `@natter/core/schema`: zod building blocks for contracts. Server and tools only: browsers see the types. */
import { z } from 'zod'

const wellFormed = (text: string) => text.isWellFormed() && !text.includes('\0')

/** An id: 1 to 64 of `A-Z a-z 0-9 _ . @ : -`. */
export const id: z.ZodString = z.string().regex(/^[A-Za-z0-9_.@:-]{1,64}$/)
/** A message: its conversation and seq, joined by `/`. */
export const messageId: z.ZodString = z.string().regex(/^[A-Za-z0-9_.@:-]{1,64}\/[1-9][0-9]{0,15}$/)
/** A place in a conversation: 0 is before the first. */
export const seq: z.ZodNumber = z.int().min(0).max(Number.MAX_SAFE_INTEGER)
/** A time in ms since 1970. */
export const time: z.ZodNumber = z.int().min(0).max(8_640_000_000_000_000)
/** Text that every store keeps as it is: no NUL, no lone surrogates. `max` in UTF-16 units. */
export const text = (max: number, min = 0): z.ZodString =>
  z.string().min(min).max(max).refine(wellFormed, 'must be well-formed Unicode without NUL')
/** Nothing to say. */
export const ok: z.ZodObject<{}, z.core.$strip> = z.object({})
/** A person, as others see them. */
export const profile = z.object({
  id,
  name: z.string(),
  handle: z.string().optional(),
  avatar: z.string().optional(),
})
