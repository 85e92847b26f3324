import { z } from 'zod'
import { body } from './contract/index.js'
import type { Body } from './contract/index.js'

const place = z.int().min(1)
/** Places from the first to the last of each. */
type Ranges = { seqs: [number, number][] }

/**
 * Somebody was erased: the entries at these places are others now, most of them without sender and body. Said by the system
 * alone; who holds such entries reads them again.
 */
export const erasedBody: Body<'erased', Ranges, Ranges> = body(
  'erased',
  z.object({ seqs: z.array(z.tuple([place, place])) }),
)
