import type { Client, ClientOptions } from './api/client.js'
import type { ClientPlugins } from './api/plugin.js'
import { ClientError } from './errors.js'

/**
 * Connects to a chat.
 *
 * @example
 * const chat = createClient({ url: 'https://example.org/chat', token: fetchToken, store: indexedDb({ name: userId }) })
 * chat.on('message', (message) => render(message))
 * chat.direct('alice').send({ text: 'hello' })
 */
export function createClient<const P extends ClientPlugins = []>(options: ClientOptions<P>): Client<P> {
  throw new ClientError({ code: 'CLIENT_PLATFORM', message: `The client for ${options.url} is being written.` })
}
