import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { readAck } from './writing.js'
import type { Acked, WriterOrder } from './writing.js'

const program = fileURLToPath(new URL('./writer-main.js', import.meta.url))
/** A busy machine may take long to start a writer and a database, ms. */
const patienceMs = 120_000

/** A process that writes, and what it says was acknowledged. */
export class Writer {
  readonly acked: Acked[] = []
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>
  #text = ''
  #over = false
  #told = () => undefined as void

  constructor(order: WriterOrder) {
    const execArgv = process.execArgv.filter((each) => each !== '--enable-source-maps')
    // The channel is how it notices that nobody waits for it any more.
    this.#child = spawn(process.execPath, [...execArgv, program, JSON.stringify(order)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.#text += text))
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      this.acked.push(readAck(line))
      this.#told()
    })
    this.#ended = once(this.#child, 'close').then(() => {
      this.#over = true
      this.#told()
    })
  }

  /** It ended because the database did not answer when it started: who keeps a service running starts it again. */
  get unanswered(): boolean {
    return this.#over && this.acked.length === 0 && this.#text.includes("code: 'STORAGE_UNAVAILABLE'")
  }

  /** Resolves when so many more were acknowledged. */
  async more(count: number): Promise<void> {
    const enough = this.acked.length + count
    await new Promise<void>((resolve, reject) => {
      const fail = () => reject(new Error(`the writer came to ${this.acked.length} acks and no further: ${this.#text}`))
      const timer = setTimeout(fail, patienceMs)
      this.#told = () => {
        if (!this.#over && this.acked.length < enough) return
        clearTimeout(timer)
        if (this.#over) fail()
        else resolve()
      }
      this.#told()
    })
  }

  /** Stops all of its threads where they are; everything that it said until then is known. */
  async freeze(): Promise<void> {
    this.#child.kill('SIGSTOP')
    while (!/^State:\tT/m.test(await readFile(`/proc/${this.#child.pid}/status`, 'utf8'))) continue
    for (let quiet = 0, before = -1; quiet < 3; quiet = this.acked.length === before ? quiet + 1 : 0) {
      before = this.acked.length
      await new Promise((resolve) => setTimeout(resolve, 3))
    }
  }

  thaw(): void {
    this.#child.kill('SIGCONT')
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }
}
