import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Middleware, ParameterizedContext } from 'koa'
import { Intents, Storage } from '../contract/index.js'
import type { Address, Event, Token } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import { Gateway } from '../gateway/gateway.js'
import { normalizeOrigins, originListed } from '../gateway/origin.js'
import type { Peer, PeerEvents } from '../gateway/peer.js'
import { ConnectionRegistry } from '../gateway/registry.js'
import { CommandRunner } from '../gateway/run-command.js'
import { UpgradeDoor } from '../gateway/upgrade.js'
import type { KoaGuard } from '../gateway/host-guard.js'
import {
  commandAllow,
  connectionAuthenticate,
  connectionClosed,
  connectionOpened,
  connectionWelcome,
  requestAuthenticate,
  userData,
  userErased,
} from '../hooks.js'
import { mount } from '../http/mount.js'
import { openApi } from '../http/openapi.js'
import { createLogger } from '../kernel/create-logger.js'
import { erasedBody } from '../erased-body.js'
import { undeclared } from '../kernel/holdings.js'
import { Kernel } from '../kernel/kernel.js'
import type { Logger } from '../kernel/logger.js'
import { parseWith } from '../kernel/parse-with.js'
import type { Audience, Plugins } from '../kernel/plugin.js'
import { opaqueBody } from '../opaque-body.js'
import { IntendedSends } from '../pipeline/intended-sends.js'
import { Pipeline } from '../pipeline/pipeline.js'
import type { PipelineParts } from '../pipeline/parts.js'
import { asyncApi } from '../protocol/asyncapi.js'
import { defaultLimits } from '../protocol/limits.js'
import type { Limits } from '../protocol/limits.js'
import { Bus } from '../services/bus.js'
import { Clock } from '../services/clock.js'
import { Connections } from '../services/connections.js'
import { Conversations } from '../services/conversations.js'
import { derivedSecrets } from '../services/derived-secrets.js'
import { InProcessBus } from '../services/in-process-bus.js'
import { PersonalData } from '../services/personal-data.js'
import { Secrets } from '../services/secrets.js'
import { systemClock } from '../services/system-clock.js'
import { checkOptions } from './check-options.js'
import { ConversationsService } from './conversations-service.js'
import type { ChatOptions } from './create-chat.js'
import { Erasures, erasureModel } from './erasures.js'
import { HostListeners } from './host-events.js'
import { hostId } from './host-id.js'
import { PersonalDataService } from './personal-data-service.js'
import { pipelineParts } from './pipeline-parts.js'
import { deliverEvent } from './deliver-event.js'

/** Clients come back within this after a restart, and requests under way get this long, ms. */
const spreadMs = 2_000
const drainMs = 3_000

/** Kernel, pipeline, gateway and mount, put together. The chat that `createChat` returns. */
export class Composition {
  readonly prefix: string
  readonly plugins: readonly string[]
  readonly conversations: Conversations
  readonly connections: ConnectionRegistry
  readonly users: PersonalData
  readonly #kernel: Kernel
  readonly #gateway: Gateway
  readonly #door: UpgradeDoor
  readonly #middleware: Middleware
  readonly #listeners: HostListeners
  readonly #intended: IntendedSends
  readonly #erasures: Erasures
  #stopped: Promise<void> | undefined

  static async boot(options: ChatOptions<Plugins, string>): Promise<Composition> {
    checkOptions(options)
    const clock = options.clock ?? systemClock()
    const logger = createLogger(options.logger ? { logger: options.logger } : {})
    const log = logger.child({ plugin: 'core' })
    const bus =
      options.bus ??
      new InProcessBus({ clock, onError: (err, subject) => log.error({ err, subject }, 'a bus handler failed') }).node()
    const limits: Limits = { ...defaultLimits, ...options.limits }
    const registry = new ConnectionRegistry(limits, clock, bus)
    const secrets = derivedSecrets({
      secrets: options.secrets,
      env: process.env,
      folder: options.dataDir ?? 'data',
    })
    // Members are asked for by hooks that exist only after setup.
    let parts: PipelineParts | undefined
    const publish = (event: Event, to: Audience, payload: unknown) =>
      deliverEvent(registry, parts?.members, log, event, to, payload)
    const kernel = await Kernel.setup({
      plugins: options.plugins,
      core: [[Clock, clock], [Bus, bus], [Secrets, secrets], [Connections, registry], [Conversations], [PersonalData]],
      ...(options.container ? { host: options.container.services } : {}),
      bodies: [opaqueBody, erasedBody],
      models: [{ plugin: 'core', model: erasureModel }],
      logger,
      clock,
      publish,
    })
    const listeners = new HostListeners(log)
    parts = pipelineParts({ kernel, clock, limits, registry, secrets, listeners })
    const pipeline = new Pipeline(parts)
    let intended: IntendedSends | undefined
    const conversations = new ConversationsService(pipeline, parts, () => {
      if (!intended) throw NatterErrors.SERVICE_UNREADY()
      return intended
    })
    kernel.supply(Conversations, conversations)
    let erasures: Erasures | undefined
    const users = personalData(kernel, () => {
      if (!erasures) throw NatterErrors.SERVICE_UNREADY()
      return erasures
    })
    kernel.supply(PersonalData, users)
    tellUndeclared(kernel, log)
    await kernel.boot()
    erasures = erasuresOf(kernel, clock, log)
    const intents = kernel.provides(Intents) ? kernel.get(Intents) : undefined
    intended = new IntendedSends({ pipeline, parts, intents, log })
    return new Composition({
      options,
      kernel,
      registry,
      pipeline,
      intended,
      erasures,
      users,
      conversations,
      clock,
      limits,
      log,
      listeners,
    })
  }

  private constructor(made: Made) {
    const { options, kernel, registry, pipeline, clock, limits, log, listeners } = made
    this.prefix = prefixOf(options.prefix)
    this.plugins = kernel.plugins.map(({ name }) => name)
    this.conversations = made.conversations
    this.connections = registry
    this.users = made.users
    this.#erasures = made.erasures
    this.#kernel = kernel
    this.#listeners = listeners
    this.#intended = made.intended
    const origins = options.origins && normalizeOrigins(options.origins)
    const majors = new Map(kernel.plugins.map(({ name, major }) => [name, major]))
    const commands = new CommandRunner({
      clock,
      plugins: majors,
      commands: new Map(
        [...kernel.commands].map(([name, registered]) => [
          name,
          { ...registered, parse: (input: unknown) => parseWith(registered.command.input, input) },
        ]),
      ),
      allow: kernel.uses(commandAllow) ? kernel.run(commandAllow) : undefined,
    })
    const authenticate = kernel.run(connectionAuthenticate)
    const welcome = kernel.run(connectionWelcome)
    const opened = kernel.run(connectionOpened)
    const closed = kernel.run(connectionClosed)
    this.#gateway = new Gateway({
      clock,
      limits,
      registry,
      pipeline,
      commands,
      log,
      plugins: majors,
      slots: kernel.slotCount,
      authenticate: (attempt) => authenticate(attempt, undefined),
      originAllowed: ({ request }) => originListed(request, origins),
      welcome: kernel.uses(connectionWelcome) ? (connection) => welcome(connection, undefined) : undefined,
      opened: (connection) => {
        opened(connection, undefined)
        listeners.emit('connected', connection)
      },
      closed: (connection, code) => {
        closed(connection, { code })
        listeners.emit('disconnected', connection)
      },
    })
    this.#door = new UpgradeDoor({ gateway: this.#gateway, limits, clock, log, path: `${this.prefix}/ws` })
    this.#middleware = mount({
      prefix: this.prefix,
      limits,
      log,
      origins,
      routes: kernel.routes.map((registered) => {
        const { input } = registered.route
        return { ...registered, parse: input && ((value: unknown) => parseWith(input, value)) }
      }),
      health: { accepting: () => this.#gateway.accepting, probe: () => this.#probe() },
      documents: { 'openapi.json': () => this.openApi(), 'asyncapi.json': () => this.asyncApi() },
      authenticate: (ctx, token) => this.authenticate(ctx, token),
    })
    this.#gateway.open()
    this.#intended.start()
    this.#erasures.start()
  }

  middleware(): Middleware {
    return this.#middleware
  }

  attach(server: Server, { koa }: { readonly koa?: KoaGuard } = {}): void {
    this.#door.attach(server, koa)
  }

  handleUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    { koa }: { readonly koa?: KoaGuard } = {},
  ): void {
    this.#door.handle(request, socket, head, koa)
  }

  accept(peer: Peer, from: { readonly request: IncomingMessage; readonly ip: string }): PeerEvents {
    if (!this.#gateway.accepting) throw NatterErrors.DRAINING()
    const wait = this.#gateway.enter(from.ip)
    if (wait !== undefined) throw NatterErrors.RATE_LIMITED({ retryAfterMs: wait })
    return this.#gateway.accept(peer, { ...from, koa: undefined })
  }

  as(user: string | number): HostActor {
    return actor(this.conversations, hostId(user), undefined)
  }

  get system() {
    return {
      as: (user: string | number, { without }: { readonly without: readonly string[] }) => {
        for (const name of without) this.#mustKnow(name)
        return actor(this.conversations, hostId(user), without)
      },
      append: this.conversations.append.bind(this.conversations),
    }
  }

  #mustKnow(plugin: string): void {
    if (this.plugins.includes(plugin)) return
    throw NatterErrors.INVALID({
      message: `There is no plugin "${plugin}" whose vetoes could be left out. There are: ${this.plugins.join(', ')}.`,
    })
  }

  on(name: string, listener: (value: never) => void): () => void {
    return this.#listeners.on(name, listener)
  }

  async disconnect(who: {
    readonly user: string | number
    readonly session?: string
    readonly device?: string
  }): Promise<number> {
    return this.connections.disconnect({ ...who, user: hostId(who.user) })
  }

  get<T>(token: Token<T>): T {
    return this.#kernel.get(token)
  }

  authenticate(koa: ParameterizedContext, token?: string) {
    return this.#kernel.run(requestAuthenticate)({ request: koa.req, token, koa }, undefined)
  }

  openApi(): object {
    return openApi(this.prefix, '1.0.0', this.#kernel.routes, this.#kernel.errors)
  }

  asyncApi(): object {
    return asyncApi(
      this.prefix,
      '1.0.0',
      [...this.#kernel.commands.values()].map(({ command }) => command),
      [...this.#kernel.events.values()].map(({ event }) => event),
      [...this.#kernel.bodies.values()].map(({ body }) => body),
    )
  }

  async ready(): Promise<boolean> {
    return (
      this.#gateway.accepting &&
      (await this.#probe().then(
        () => true,
        () => false,
      ))
    )
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #stop(): Promise<void> {
    await this.#gateway.drain(spreadMs, drainMs)
    this.#door.detach()
    await this.#intended.stop()
    await this.#erasures.stop()
    await this.#kernel.stop()
  }

  async #probe(): Promise<void> {
    if (this.#kernel.provides(Storage)) await this.#kernel.get(Storage).probe()
  }
}

interface Made {
  readonly options: ChatOptions<Plugins, string>
  readonly kernel: Kernel
  readonly registry: ConnectionRegistry
  readonly pipeline: Pipeline
  readonly intended: IntendedSends
  readonly erasures: Erasures
  readonly users: PersonalData
  readonly conversations: Conversations
  readonly clock: Clock
  readonly limits: Limits
  readonly log: Logger
  readonly listeners: HostListeners
}

function personalData(kernel: Kernel, erasures: () => Erasures): PersonalData {
  const data = kernel.run(userData)
  return new PersonalDataService({ data: (who) => data(who, undefined), erasures, holdings: kernel.holdings })
}

function erasuresOf(kernel: Kernel, clock: Clock, log: Logger): Erasures {
  const steps = kernel.run(userErased)
  const storage = kernel.provides(Storage) ? kernel.get(Storage) : undefined
  return new Erasures({ steps: (erasure) => steps(erasure, undefined), storage, clock, log })
}

/** Who develops a plugin is told what export and erasure would overlook. */
function tellUndeclared({ holdings }: Kernel, log: Logger): void {
  const missing = process.env['NODE_ENV'] === 'production' ? [] : undeclared(holdings)
  if (missing.length === 0) return
  log.warn(
    { missing },
    `${missing.join(', ')}: it is not said whether it holds data of people. Write personal: { field: 'what it is' }, or 'none'.`,
  )
}

function prefixOf(prefix = '/chat'): string {
  if (/^(\/[A-Za-z0-9._~-]+)+$/.test(prefix)) return prefix
  throw NatterErrors.CONFIG_INVALID({
    message: `createChat: "prefix" is "${prefix}"; it must be a path like /chat, without a slash at its end.`,
  })
}

interface HostActor {
  send(to: HostAddress, body: never, options?: { readonly id?: string }): Promise<unknown>
}

function actor(conversations: Conversations, from: string, without: readonly string[] | undefined): HostActor {
  return {
    send: async (to, body, options) =>
      conversations.send(from, hostAddress(to), body, { ...options, ...(without ? { without } : {}) }),
  }
}

type HostAddress = Address | { readonly user: string | number }

function hostAddress(to: HostAddress | undefined): Address {
  if (typeof to === 'string') return to
  if (to?.user !== undefined) return { user: hostId(to.user) }
  throw NatterErrors.INVALID({ message: "An address is a conversation's id, or a person: { user: id }." })
}
