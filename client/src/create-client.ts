import type { Client, ClientCore, ClientOptions } from './api/client.js'
import type { Conversation } from './api/conversation.js'
import type { ClientPlugins } from './api/plugin.js'
import { createCore } from './core.js'
import { isClientError, localError } from './errors.js'
import type { ClientError } from './errors.js'
import type { Thread } from './thread.js'

/**
 * Connects to a chat.
 *
 * @throws CLIENT_PLATFORM if the runtime lacks something that `platform` can bring.
 * @example
 * const chat = createClient({ url: 'https://example.org/chat', token: fetchToken, store: indexedDb({ name: userId }) })
 * chat.on('message', (message) => render(message))
 * chat.direct('alice').send({ text: 'hello' })
 */
export function createClient<const P extends ClientPlugins = []>(options: ClientOptions<P>): Client<P> {
  const core = createCore(options)
  const { api, threads, emitter, calls } = core
  const conversations = new Map<Thread, Conversation>()

  function conversationOf(thread: Thread): Conversation {
    const known = conversations.get(thread)
    if (known) return known
    const { id, info, messages, older } = thread
    const conversation: Conversation = {
      id,
      info,
      messages,
      older,
      send: (body, more) => calls.send(thread, body, more?.id),
      loadOlder: (limit) => calls.loadOlder(thread, limit),
      history: (more) => calls.history(thread, more),
      read: (upTo) => calls.read(thread, upTo),
    }
    conversations.set(thread, conversation)
    return conversation
  }

  const chat: ClientCore<[]> = {
    status: api.status,
    me: api.me,
    conversations: threads.list,
    outbox: core.outbox,
    on: emitter.on,
    conversation: (id) => conversationOf(threads.of(id)),
    direct(user) {
      const me = api.me.get()
      if (!me) throw localError('CLIENT_USER_UNKNOWN', 'Connect first, or pass the option `user`.')
      return conversationOf(threads.direct(me.id, user))
    },
    isError: (error, ...codes): error is ClientError<never> =>
      isClientError(error) && (!codes.length || codes.includes(error.code as never)),
    connect: core.connect,
    close: core.close,
    async signOut({ wipe } = {}) {
      await core.close()
      await core.forget(wipe === true)
    },
  }
  for (const { name, verbs, setup } of options.plugins ?? []) {
    const verbsOf: Record<string, unknown> = {}
    for (const verb of Object.keys(verbs)) {
      const idempotent = verbs[verb] === 'idempotent'
      verbsOf[verb] = (input: unknown, more?: object) =>
        core.requests.ask(`${name}.${verb}`, input, { ...more, idempotent })
    }
    Object.assign(chat, { [name]: verbsOf })
    Object.assign(verbsOf, setup?.(api))
  }
  if (options.autoConnect !== false) core.connect().catch(() => {})
  return chat as Client<P>
}
