import { readFileSync, statSync } from 'node:fs'
import { chown, mkdir, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Engine, Programs, ServerSettings } from './engine.js'
import type { DatabaseKind, OwnServer, ScratchDatabase } from './found-server.js'
import { freePort } from './free-port.js'
import type { Keeper, Running } from './keeper.js'
import type { User } from './nobody.js'
import type { Program } from './orders.js'
import { scratchDatabase } from './scratch-database.js'
import type { StartOptions } from './start-options.js'

/** Lines of MariaDB and MongoDB about what is wrong; they write many others after those. */
const complaint = /\[ERROR\]|"s":"[EF]"/
/** So long a server may take to answer. */
const patienceMs = 60_000
/** So long what a killed server left may hold the next one up. */
const afterlifeMs = 60_000

/** A server whose process we have. */
export class StartedServer implements OwnServer {
  readonly kind: DatabaseKind
  readonly folder: string
  readonly from = 'programs'
  readonly #engine: Engine
  readonly #programs: Programs
  readonly #keeper: Keeper
  readonly #data: string
  readonly #log: string
  /** Where the log of the program that runs begins, in bytes. */
  #logged = 0
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
    this.#log = join(folder, 'log')
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

  get runs(): boolean {
    return this.#running !== undefined
  }

  get pid(): number {
    if (!this.#running) throw new Error(`${this.#engine.title} does not run`)
    return this.#running.pid
  }

  async begin({ port, settings = {} }: StartOptions, user: User | undefined): Promise<void> {
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
      if (port !== undefined || attempt === 3) throw new Error(this.#obituary(failure))
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
      if (performance.now() > giveUp) throw new Error(this.#obituary(failure))
    }
  }

  stop(): Promise<void> {
    return this.#keeper.leave()
  }

  async #prepare(program: Program): Promise<void> {
    const { ended } = await this.#run(program)
    const how = await this.#keeper.hold(ended)
    if (how !== 0) throw new Error(this.#obituary(how))
  }

  /** @returns How it ended, if it did instead of serving. */
  async #serve(first: boolean): Promise<number | string | undefined> {
    const program = this.#engine.serve(this.#programs, this.#data, this.#port, this.#settings)
    const running = await this.#run(program)
    this.#running = running
    let end: number | string | undefined
    void running.ended.then((how) => {
      end = how
      if (this.#running === running) this.#running = undefined
    })
    let begun = !first
    for (const giveUp = performance.now() + patienceMs; end === undefined; await pause(20)) {
      try {
        const begin = async () => {
          if (!begun) await this.#engine.begin(this.#port)
          begun = true
          return this.#engine.hello(this.url)
        }
        const hello = await Promise.race([begin(), running.ended])
        // A server that has ended would be asked for long.
        if (typeof hello !== 'object') return hello
        const { version, data } = hello
        if (resolve(data) !== this.#data) throw new Error('another server came first to the port')
        this.#version = version
        return undefined
      } catch (error) {
        if (performance.now() > giveUp) throw new Error(this.#obituary(undefined), { cause: error })
      }
    }
    return end
  }

  #run(program: Program): Promise<Running> {
    this.#logged = statSync(this.#log, { throwIfNoEntry: false })?.size ?? 0
    return this.#keeper.run(program, this.folder)
  }

  #obituary(end: number | string | undefined): string {
    const lines = readFileSync(this.#log).subarray(this.#logged).toString().trim().split('\n')
    const complaints = lines.filter((line) => complaint.test(line))
    const last = (complaints.length > 0 ? complaints : lines).slice(-8).join('\n')
    const what = end === undefined ? `did not answer within ${patienceMs / 1000} s` : `did not start, it ended (${end})`
    return `${this.#engine.title} ${what}:\n${last}`
  }
}
