import { RawLine } from '../people/raw-line.js'
import type { Frame } from '../people/raw-line.js'
import type { Network } from '../record/network.js'

/** Below the five messages a second that one person may send. */
const everyMs = 250

/** Two people who talk steadily and read what they get. */
export class LivePair {
  readonly #network: Network
  readonly #lines: readonly RawLine[]
  readonly #sent = new Map<string, number>()
  readonly #timers: NodeJS.Timeout[]
  /** From a send to its arrival at the other, ms. */
  readonly latencies: number[] = []
  losses = 0
  #last = 0
  #resting = false

  constructor(network: Network, a: string, b: string) {
    this.#network = network
    this.#lines = [a, b].map(
      (user) =>
        new RawLine(
          network,
          user,
          { token: `${user}:live` },
          { frame: (frame) => this.#frame(frame), down: () => this.losses++ },
        ),
    )
    this.#timers = [
      setInterval(() => this.#say(this.#lines[0]!, b), everyMs),
      setInterval(() => this.#say(this.#lines[1]!, a), everyMs),
    ]
  }

  get up(): boolean {
    return this.#lines.every(({ up }) => up)
  }

  /** How many of what was sent have not arrived yet. */
  get open(): number {
    return this.#sent.size
  }

  /** Says nothing new. */
  rest(): void {
    this.#resting = true
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer)
    for (const line of this.#lines) line.close()
  }

  #say(line: RawLine, to: string): void {
    if (!line.up || this.#resting) return
    const id = `${line.user}-${++this.#last}`
    this.#network.history.give(line.user, to, id, id)
    this.#sent.set(id, performance.now())
    line.send(['s', line.nextId(), { user: to }, id, { text: id }])
  }

  #frame(frame: Frame): void {
    if (frame[0] !== 'm') return
    const at = this.#sent.get(frame[6] as string)
    if (at === undefined) return
    this.#sent.delete(frame[6] as string)
    this.latencies.push(performance.now() - at)
  }
}
