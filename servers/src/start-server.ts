import { chown, mkdir, mkdtemp, readFile, readdir, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Engine, Programs, ServerSettings } from './engine.js'
import { engines } from './engines.js'
import type { DatabaseKind, OwnServer, ScratchDatabase } from './found-server.js'
import { freePort } from './free-port.js'
import { Keeper } from './keeper.js'
import type { Running } from './keeper.js'
import { nobody } from './nobody.js'
import { scratchDatabase } from './scratch-database.js'

export interface StartOptions {
  /** Where the data is and stays. Without one it is a new folder, removed at the end. */
  readonly folder?: string
  /** Without one, any that is free. A MongoDB started again over its data needs the same. */
  readonly port?: number
  /** The server's own, like `{ fsync: 'off' }`; the default is durable, as in production. */
  readonly settings?: ServerSettings
  /** Where to look for the programs; the default is `process.env`. */
  readonly env?: NodeJS.ProcessEnv
}

/** So long a server may take to answer. */
const patienceMs = 60_000
/** So long what a killed server left may hold the next one up. */
const afterlifeMs = 10_000

/**
 * Starts a database server of one's own. It ends with `stop()`, and also when this process ends in any way.
 *
 * @throws Error when its programs are not on this machine, or when it does not start; with the last of its log.
 *
 * @example
 * const server = await startServer('postgres', { settings: { synchronous_commit: 'off' } })
 * await server.kill('SIGKILL')
 * await server.restart()
 * await server.stop()
 */
export function startServer(kind: DatabaseKind, options: StartOptions = {}): Promise<OwnServer> {
  return startEngine(kind, engines[kind], options)
}

/** The same with an engine that differs in something. */
export async function startEngine(kind: DatabaseKind, engine: Engine, options: StartOptions): Promise<OwnServer> {
  const programs = engine.find(options.env ?? process.env)
  if (!programs) throw new Error(`${engine.title} is not on this machine`)
  const temporary = options.folder === undefined
  const folder = await realpath(options.folder ?? (await mkdtemp(join(tmpdir(), `natter-${kind}-`))))
  const user = engine.refusesRoot ? await nobody() : undefined
  if (user && temporary) await chown(folder, user.uid, user.gid)
  const keeper = new Keeper({
    log: join(folder, 'log'),
    ...(temporary && { removes: folder }),
    ...(user && { user }),
    stopSignal: engine.stopSignal,
    patienceMs: 15_000,
  })
  const server = new Server(kind, engine, programs, keeper, folder)
  try {
    await server.begin(options, user)
  } catch (error) {
    await server.stop()
    throw error
  }
  return server
}

class Server implements OwnServer {
  readonly kind: DatabaseKind
  readonly folder: string
  readonly from = 'programs'
  readonly #engine: Engine
  readonly #programs: Programs
  readonly #keeper: Keeper
  readonly #data: string
  #settings: ServerSettings = {}
  #running: Running | undefined
  #port = 0
  #version = ''

  constructor(kind: DatabaseKind, engine: Engine, programs: Programs, keeper: Keeper, folder: string) {
    this.kind = kind
    this.folder = folder
    this.#engine = engine
    this.#programs = programs
    this.#keeper = keeper
    this.#data = join(folder, 'data')
  }

  get version(): string {
    return this.#version
  }

  get port(): number {
    return this.#port
  }

  get url(): string {
    return this.#engine.url(this.#port)
  }

  get pid(): number {
    if (!this.#running) throw new Error(`${this.#engine.title} does not run`)
    return this.#running.pid
  }

  async begin({ port, settings = {} }: StartOptions, user: { uid: number; gid: number } | undefined): Promise<void> {
    this.#settings = settings
    await mkdir(this.#data, { recursive: true, mode: 0o700 })
    const fresh = (await readdir(this.#data)).length === 0
    if (fresh && user) await chown(this.#data, user.uid, user.gid)
    if (fresh) for (const program of this.#engine.prepare(this.#programs, this.#data)) await this.#prepare(program)
    // Between our asking for a free port and the server's taking it, another may come first.
    for (let attempt = 1; ; attempt++) {
      this.#port = port ?? (await freePort())
      const failure = await this.#serve(fresh)
      if (failure === undefined) return
      if (port !== undefined || attempt === 3) throw new Error(await this.#obituary(failure))
    }
  }

  scratch(): Promise<ScratchDatabase> {
    return scratchDatabase(this.#engine, this.url)
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    const running = this.#running
    if (!running) return
    this.#keeper.signal(signal)
    await this.#keeper.hold(running.ended)
  }

  async restart(settings: ServerSettings = this.#settings): Promise<void> {
    await this.kill(this.#engine.stopSignal)
    this.#settings = settings
    // The children of a killed server may outlive it for a moment, and hold its memory or its port.
    for (const giveUp = performance.now() + afterlifeMs; ; await pause(50)) {
      const failure = await this.#serve(false)
      if (failure === undefined) return
      if (performance.now() > giveUp) throw new Error(await this.#obituary(failure))
    }
  }

  stop(): Promise<void> {
    return this.#keeper.leave()
  }

  async #prepare(program: { command: string; args: readonly string[] }): Promise<void> {
    const { ended } = await this.#keeper.run(program, this.folder)
    const how = await this.#keeper.hold(ended)
    if (how !== 0) throw new Error(await this.#obituary(how))
  }

  /** @returns How it ended, if it did instead of serving. */
  async #serve(first: boolean): Promise<number | string | undefined> {
    const program = this.#engine.serve(this.#programs, this.#data, this.#port, this.#settings)
    const running = await this.#keeper.run(program, this.folder)
    this.#running = running
    let end: number | string | undefined
    void running.ended.then((how) => {
      end = how
      if (this.#running === running) this.#running = undefined
    })
    let begun = !first
    for (const giveUp = performance.now() + patienceMs; end === undefined; await pause(20)) {
      try {
        if (!begun) await this.#engine.begin(this.#port)
        begun = true
        const { version, data } = await this.#engine.hello(this.url)
        // Another server may have come first to our port.
        if (resolve(data) !== this.#data) continue
        this.#version = version
        return undefined
      } catch (error) {
        if (performance.now() > giveUp) throw new Error(await this.#obituary(undefined), { cause: error })
      }
    }
    return end
  }

  async #obituary(end: number | string | undefined): Promise<string> {
    const log = await readFile(join(this.folder, 'log'), 'utf8').catch(() => '')
    const last = log.trim().split('\n').slice(-8).join('\n')
    const what = end === undefined ? `did not answer within ${patienceMs / 1000} s` : `did not start, it ended (${end})`
    return `${this.#engine.title} ${what}:\n${last}`
  }
}
