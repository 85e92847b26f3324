/** `@natter/search/client`: typed calls. */
import { clientPlugin } from '@natter/client'
import type * as contract from './contract.js'

export type { MessageHit } from './contract.js'

/**
 * `chat.search.messages({ text })` and `chat.search.people({ text })`.
 *
 * @example
 * const chat = createClient({ url, token, plugins: [search()] })
 * const { hits, cursor } = await chat.search.messages({ text: 'minutes of', from: 'bob' })
 */
export const search = clientPlugin<typeof contract>('search', { messages: 'idempotent', people: 'idempotent' })
