import { z } from 'zod'
import { body } from './contract/index.js'
import type { Body } from './contract/index.js'
import { text } from './schema.js'

/**
 * A body that the server passes on without looking inside: for end-to-end encryption by a plugin of the clients.
 * `data` is at most 24,000 characters, for example base64.
 */
export const opaqueBody: Body<'opaque', { data: string }, { data: string }> = body(
  'opaque',
  z.object({ data: text(24_000, 1) }),
)
