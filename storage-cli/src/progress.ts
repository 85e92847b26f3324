import type { CopyProgress } from '@natter/core/storage'
import type { Terminal } from './terminal.js'

/** Between two tellings, ms: on a terminal, where one line is written over, and elsewhere. */
const every = { terminal: 100, elsewhere: 3_000 }
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** Tells how far a copy is, and how fast. */
export class Progress {
  readonly #terminal: Pick<Terminal, 'err' | 'tty' | 'now'>
  #doing = ''
  #part = ''
  /** Lines of the part, and of all parts since `#since`. */
  #lines = 0
  #all = 0
  #since = 0
  /** When it was told of lines, and when it told of them. */
  #heard: number
  #told: number

  constructor(terminal: Pick<Terminal, 'err' | 'tty' | 'now'>) {
    this.#terminal = terminal
    this.#heard = this.#told = terminal.now()
  }

  /** Whether anything was copied or compared. */
  get begun(): boolean {
    return this.#doing !== ''
  }

  readonly tell: CopyProgress = (part, lines, done) => {
    const { err, tty, now } = this.#terminal
    const time = now()
    if (done !== this.#doing) [this.#doing, this.#all, this.#since, this.#part] = [done, 0, this.#heard, '']
    if (part !== this.#part) [this.#part, this.#lines] = [part, 0]
    this.#lines += lines
    this.#all += lines
    this.#heard = time
    if (time - this.#told < (tty ? every.terminal : every.elsewhere)) return
    this.#told = time
    const rate = this.#all / Math.max((time - this.#since) / 1_000, 0.001)
    const said = `${done.padEnd(9)} ${part.padEnd(13)} ${whole.format(this.#lines)} lines, ${whole.format(rate)} lines/s`
    err(tty ? `\r${said}\u001b[K` : `${said}\n`)
  }

  /** Takes the line of a terminal away. */
  end(): void {
    if (this.#terminal.tty) this.#terminal.err('\r\u001b[K')
  }
}
