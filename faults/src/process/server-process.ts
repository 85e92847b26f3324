import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Answers, BootOptions, FromServer, Question, ToServer } from './orders.js'

const program = fileURLToPath(new URL('./server-main.js', import.meta.url))
/** So much of what a server wrote to standard error is kept. */
const keptText = 4_000

/** How a server process ended. */
export interface End {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** The last of what it wrote to standard error. */
  readonly text: string
}

/** A real server process, and what can be done to it. */
export class ServerProcess {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, { resolve(value: never): void; reject(error: Error): void }>()
  readonly #loaded: Promise<void>
  readonly ended: Promise<End>
  #booting: { resolve(port: number): void; reject(error: Error): void } | undefined
  #lastId = 0
  #text = ''
  /** Lines that the server logged as errors. */
  errors = 0

  /** Begins to load a server; it boots when it is told to. */
  static spawn(execArgv: readonly string[] = []): ServerProcess {
    return new ServerProcess(execArgv)
  }

  private constructor(execArgv: readonly string[]) {
    const child = fork(program, [], {
      // Reading source maps would make every start slower.
      execArgv: [...process.execArgv.filter((each) => each !== '--enable-source-maps'), ...execArgv],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#child = child
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.errors += text.split('\n').length - 1
      this.#text = (this.#text + text).slice(-keptText)
    })
    let loaded: () => void
    this.#loaded = new Promise((resolve) => (loaded = resolve))
    child.on('message', (message: FromServer) => {
      if (message.kind === 'loaded') loaded()
      else this.#hear(message)
    })
    this.ended = once(child, 'close').then(([code, signal]) => {
      const end: End = { code, signal, text: this.#text }
      const error = new Error(`the server process ended (${signal ?? `code ${code}`})${end.text && `: ${end.text}`}`)
      this.#booting?.reject(error)
      for (const { reject } of this.#waiting.values()) reject(error)
      return end
    })
  }

  #hear(message: Exclude<FromServer, { kind: 'loaded' }>): void {
    if (message.kind === 'ready') return this.#booting?.resolve(message.port)
    if (message.kind === 'failed') return this.#booting?.reject(new Error(message.message))
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if (message.error === undefined) waiting?.resolve(message.value as never)
    else waiting?.reject(new Error(message.error))
  }

  /** Resolves when all code is loaded. */
  async loaded(): Promise<void> {
    await Promise.race([this.#loaded, this.ended])
  }

  /** Boots the chat; the port it listens on. Rejects when the boot fails or the process ends before. */
  boot(options: BootOptions): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#booting = { resolve, reject }
      this.#tell({ kind: 'boot', options })
    })
  }

  ask<Q extends Question>(question: Q): Promise<Answers[Q['ask']]> {
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId
      this.#waiting.set(id, { resolve, reject })
      this.#tell({ kind: 'question', id, question })
    })
  }

  /** `kill -9`. */
  async kill(): Promise<End> {
    this.#child.kill('SIGKILL')
    return this.ended
  }

  /** Stops all of its threads. A frozen process can still be killed. */
  freeze(): void {
    this.#child.kill('SIGSTOP')
  }

  thaw(): void {
    this.#child.kill('SIGCONT')
  }

  #tell(message: ToServer): void {
    // A process that is gone hears nothing; `ended` tells.
    if (this.#child.connected) this.#child.send(message, () => undefined)
  }
}
