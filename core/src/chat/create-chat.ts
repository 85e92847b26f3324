import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Middleware, ParameterizedContext } from 'koa'
import type { Address, Awaitable, Body, Denied, Sendable, Token, Within } from '../contract/index.js'
import type { HostBridge } from '../bridge/host-bridge.js'
import { NatterErrors } from '../errors.js'
import type { KoaGuard } from '../gateway/host-guard.js'
import type { Peer, PeerEvents } from '../gateway/peer.js'
import type { HostLogger } from '../kernel/create-logger.js'
import type { Checked, KnownBodies, Plugins } from '../kernel/plugin.js'
import type { Limits } from '../protocol/limits.js'
import type { Bus } from '../services/bus.js'
import type { Clock } from '../services/clock.js'
import type { Connections } from '../services/connections.js'
import type { Ack, Conversations, Pending } from '../services/conversations.js'
import type { PersonalData } from '../services/personal-data.js'
import type { MasterSecret } from '../services/master-secret.js'
import { Composition } from './composition.js'
import type { HostEvents } from './host-events.js'

/** Services that are always there. */
export type CoreServices = 'clock' | 'bus' | 'secrets' | 'connections' | 'conversations' | 'personalData'

/** What a chat is made of. Everything but `plugins` has a default. */
export interface ChatOptions<P extends Plugins, H extends string = never> {
  /** In any order: they are sorted by what they need. */
  readonly plugins: P & Checked<P, CoreServices | H>
  /** Services of the host's own container: `fromInversify(…)` or `fromTsyringe(…)`. */
  readonly container?: HostBridge<H>
  /** Everything lives below it: `ws`, `healthz`, `readyz`, `<plugin>/…`. Default: `/chat`. */
  readonly prefix?: `/${string}`
  /**
   * Origins whose pages may use the cookie session and read HTTP answers, like `https://app.example`. Default: pages of
   * the request's own host, and no cross-origin reading.
   */
  readonly origins?: readonly string[]
  /** Any of `defaultLimits`, changed. */
  readonly limits?: Partial<Limits>
  /** The host's pino. Default: pino on standard output, level `info`. */
  readonly logger?: HostLogger
  /** Master secret, or several to rotate, newest first. Default: `NATTER_SECRET(S)`, else a 0600 file in `dataDir`. */
  readonly secrets?: string | readonly MasterSecret[]
  /** Where the file of secrets is kept when nothing else gives one. Default: `data`. */
  readonly dataDir?: string
  /** Default: the machine's time. */
  readonly clock?: Clock
  /** How nodes tell each other. Default: this process alone. */
  readonly bus?: Bus
}

/** Acts as one person: what it does passes the same hooks as if they did it. */
export interface Actor<B extends Body> {
  /**
   * Sends as this user, through all hooks. Give an `id` of your own to retry safely.
   *
   * @throws NATTER_INVALID, NATTER_NOT_FOUND, NATTER_NOT_AVAILABLE, NATTER_CONFLICT, NATTER_NOBODY_ONLINE, STORAGE_…,
   * and the refusals of hooks.
   */
  send(
    to: Address | { readonly user: string | number },
    body: Sendable<B>,
    options?: { readonly id?: string },
  ): Promise<Ack>
  /**
   * Sends if and when the host's own transaction commits: exactly once then, also when the process dies right after the
   * commit; never if it rolls back. Hooks are asked now.
   *
   * @throws NATTER_WITHIN_UNAVAILABLE where no database of the chat is the transaction's, and as above.
   * @example
   * await db.transaction(async (trx) => {
   *   await trx('orders').update({ shipped: true }).where({ id })
   *   await chat.as(seller).send({ user: buyer }, { text: 'Shipped' }, { id: `shipped-${id}`, within: sql(trx) })
   * })
   */
  send(
    to: Address | { readonly user: string | number },
    body: Sendable<B>,
    options: { readonly id?: string; readonly within: Within },
  ): Promise<Pending>
}

/** What only the host may do. */
export interface System<B extends Body> {
  /** Acts as a user, without the vetoes of the plugins that are named. */
  as(user: string | number, options: { readonly without: readonly string[] }): Actor<B>
  /**
   * Appends an entry of the sender `system` to a conversation: stored once per `cause`, counted as a message only where
   * `counts` says so. No hooks are asked.
   *
   * @throws NATTER_NOT_FOUND where there is no such conversation, or nothing is stored.
   */
  append(
    conversation: string,
    entry: { readonly body: Sendable<B>; readonly cause: string; readonly counts?: boolean },
  ): Promise<Ack>
}

/** A running chat. */
export interface Chat<P extends Plugins = Plugins> {
  readonly prefix: string
  /** Names of the plugins, in the order in which they run. */
  readonly plugins: readonly string[]
  /** Answers below the prefix and leaves everything else to the app. */
  middleware(): Middleware
  /**
   * Takes WebSocket upgrades of `<prefix>/ws` on this server, and no others. With `koa`, the app's own middleware decides
   * who connects, and its `proxy` setting tells the address.
   */
  attach(server: Server, options?: { readonly koa?: KoaGuard }): void
  /** For hosts that route upgrades themselves. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, options?: { readonly koa?: KoaGuard }): void
  /** Takes a peer over another transport; what it sends goes to the events returned. */
  accept(peer: Peer, from: { readonly request: IncomingMessage; readonly ip: string }): PeerEvents
  /** Acts as a user, with the same hooks as a client. */
  as(user: string | number): Actor<KnownBodies<P>>
  readonly system: System<KnownBodies<P>>
  /** Listens: `chat.on('message', (message) => …)`. Returns how to stop. */
  on<K extends keyof HostEvents>(name: K, listener: (value: HostEvents<KnownBodies<P>>[K]) => void): () => void
  readonly conversations: Conversations
  readonly connections: Connections
  /** Export and erasure of one person's data, over all plugins. */
  readonly users: PersonalData
  /** Closes a user's connections, all or of one session, on every node, within 2 s. */
  disconnect(who: {
    readonly user: string | number
    readonly session?: string
    readonly device?: string
  }): Promise<number>
  /** A service by its token. */
  get<T>(token: Token<T>): T
  /** Who an HTTP request of the host comes from, by the same rules as the chat's own routes. */
  authenticate(
    ctx: ParameterizedContext,
    token?: string,
  ): Awaitable<import('../kernel/context.js').Principal | Denied | undefined>
  /** The OpenAPI 3.1 document of the HTTP routes. */
  openApi(): object
  /** The AsyncAPI 3.0 document of the WebSocket protocol. */
  asyncApi(): object
  /** Whether new connections are let in and the store takes writes. */
  ready(): Promise<boolean>
  /** Drains and stops: announces the restart, finishes what is under way, closes. Idempotent. */
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Boots a chat fully, or throws one readable error and leaves nothing behind.
 *
 * @example
 * const chat = await createChat({ plugins: [storageSql({ url: 'sqlite:data/chat.db' }), auth(), offline()] })
 * app.use(chat.middleware())
 * chat.attach(app.listen(3000))
 */
export function createChat<const P extends Plugins, H extends string = never>(
  options: ChatOptions<P, H>,
): Promise<Chat<P>> {
  return toBeAwaited(Composition.boot(options as unknown as ChatOptions<Plugins, string>)) as unknown as Promise<
    Chat<P>
  >
}

const members = [
  'middleware',
  'attach',
  'handleUpgrade',
  'as',
  'system',
  'on',
  'conversations',
  'users',
  'disconnect',
  'get',
  'stop',
]

/** Who forgets `await` is told so, instead of that something is not a function. The types refuse it anyway. */
function toBeAwaited<T>(booting: Promise<T>): Promise<T> {
  const tell = (member: string) => ({
    get() {
      throw NatterErrors.SERVICE_UNREADY({
        message: `The chat was used (.${member}) before it was there: createChat returns a promise.\n  Write const chat = await createChat({ … }).`,
      })
    },
  })
  return Object.defineProperties(booting, Object.fromEntries(members.map((member) => [member, tell(member)])))
}
