import { createClient, memory } from '@natter/client'
import type { Client, ClientCore, ClientPlugin, ClientPlugins, Store } from '@natter/client'
import type { Chat, ContractOf, Plugin, Plugins } from '@natter/core'
import type { CallsOf, Command } from '@natter/core/contract'
import { memorySocket } from './memory-socket.js'
import type { Line } from './memory-socket.js'
import { createTestChat } from './test-chat.js'
import type { TestChat, TestChatOptions, TestContext } from './test-chat.js'

type ClientPluginsOf<P extends Plugins> = {
  readonly [K in keyof P]: ClientPlugin<P[K]['name'], ContractOf<P[K]>, {}>
}
type CallsOfPlugins<X extends Plugin> = { readonly [P in X as P['name']]: CallsOf<ContractOf<P>> }

/** A connected client, and what a test does to its network. */
export type TestClient<P extends Plugins> = ClientCore<ClientPluginsOf<P>> & CallsOfPlugins<P[number]> & InTest
/** What a test does to a client, beside what an app does. */
export interface InTest {
  readonly id: string
  /** The connection breaks at this moment; the client comes back when the clock is turned. */
  disconnect(): void
  /** The same when so many more frames of the server have come; what comes behind them is lost. */
  disconnectAfter(frames: number): void
  /** There is no network from now on, until the function that this answers is called and the clock is turned. */
  away(): () => void
}

/** A chat in memory with typed clients. */
export interface TestServer<P extends Plugins> extends TestChat<P> {
  /** A connected client with the client halves that plugins bring themselves: `{ plugins: [poll()] }` of `…/client`. */
  client<const Q extends ClientPlugins>(
    token: string,
    options: { readonly store?: Store; readonly plugins: Q },
  ): Promise<Client<Q> & InTest>
  /** A connected client: `alice`, or `alice:phone` for a further device. A store makes it outlive a restart. */
  client(token: string, options?: { readonly store?: Store }): Promise<TestClient<P>>
  /** Connected clients of several people. */
  friends<const N extends readonly string[]>(...names: N): Promise<{ readonly [K in keyof N]: TestClient<P> }>
}

/**
 * A whole server without a port, and typed clients of it.
 *
 * @example
 * const server = await createTestServer(t, { plugins: [poll()] })
 * const [alice, bob] = await server.friends('alice', 'bob')
 * const { id } = await alice.poll.create({ with: bob.id, options: ['tea', 'coffee'] })
 */
export async function createTestServer<const P extends Plugins>(
  t: TestContext,
  options: TestChatOptions<P>,
): Promise<TestServer<P>> {
  const server = await createTestChat(t, options)
  const { chat, clock } = server
  const halves = options.plugins.map(clientHalf)

  async function client(
    token: string,
    { store = memory(), plugins = halves }: { store?: Store; plugins?: ClientPlugins } = {},
  ): Promise<TestClient<P>> {
    const line: Line = { dead: false, frames: Infinity, socket: undefined }
    const made = createClient({
      url: 'http://localhost/chat',
      token: () => Promise.resolve(token),
      store,
      plugins,
      platform: {
        WebSocket: memorySocket(chat as unknown as Chat, line) as never,
        now: () => clock.now(),
        setTimeout: (run, ms) => clock.after(ms, run),
        clearTimeout: (timer) => (timer as { cancel(): void } | undefined)?.cancel(),
        watch: () => () => undefined,
        locks: undefined,
        channel: undefined,
      },
    })
    t.teardown(() => made.close())
    const { id } = await made.connect()
    const inTest: InTest = {
      id,
      disconnect: () => line.socket?.break(),
      disconnectAfter: (frames) => void (line.frames = frames),
      away() {
        line.dead = true
        line.socket?.break()
        return () => void (line.dead = false)
      },
    }
    return Object.assign(made, inTest) as never
  }

  return {
    ...server,
    client: client as never,
    friends: (async (...names: string[]) => Promise.all(names.map((name) => client(name)))) as never,
  }
}

/** What the plugin's own `/client` entry would be, made from its contract: here both halves run in one process. */
function clientHalf({ name, spec }: Plugin): ClientPlugin {
  const declared = Object.values((spec.contract ?? {}) as Record<string, { kind?: string }>)
  const commands = declared.filter((each): each is Command => each?.kind === 'command')
  const verbs = commands.map(({ name: full, idempotent }) => [
    full.slice(full.indexOf('.') + 1),
    idempotent ? 'idempotent' : 1,
  ])
  return { kind: 'clientPlugin', name, verbs: Object.fromEntries(verbs) as Record<string, 1 | 'idempotent'> }
}
