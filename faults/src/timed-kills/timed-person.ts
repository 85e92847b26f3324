import { setTimeout as pause } from 'node:timers/promises'
import { RawLine, Refused } from '../people/raw-line.js'
import type { Frame } from '../people/raw-line.js'
import type { Stage } from '../process/stage.js'
import type { Random } from '../random.js'
import { directId } from '../record/direct-id.js'

/** A message that was to be sent at a time, and what its sender was told of it. */
export interface Planned {
  readonly id: string
  readonly text: string
  readonly at: number
  /** `asked`: no answer yet. `late`: it could not be called off any more. */
  state: 'asked' | 'planned' | 'calling off' | 'called off' | 'late' | 'refused'
}
/** A message that disappears. */
export interface Passing {
  readonly id: string
  readonly text: string
  acked: boolean
}

/** Messages of the conversation disappear after so long, ms: the least that there is. */
const afterMs = 10_000
/** So far ahead something is planned, ms. */
const ahead = { least: 20_000, most: 45_000 } as const
const pauseMs = 10
/** What is not answered is asked again after so long, ms: the answer may be gone with a server. */
const patienceMs = 5_000

/** Somebody who plans messages to one person, calls some off, and writes to another where messages disappear. */
export class TimedPerson {
  readonly user: string
  /** Where planned messages go, and where messages disappear. */
  readonly sam: string
  readonly tim: string
  readonly planned: Planned[] = []
  readonly passing: Passing[] = []
  readonly #stage: Stage
  readonly #random: Random
  readonly #line: RawLine
  readonly #sends = new Map<unknown, (frame: Frame | undefined) => void>()
  #made = 0
  #resting = false

  constructor(stage: Stage, user: string, random: Random) {
    this.user = user
    this.sam = directId(user, 'sam')
    this.tim = directId(user, 'tim')
    this.#stage = stage
    this.#random = random
    this.#line = new RawLine(
      stage.network,
      user,
      { token: `${user}:phone` },
      {
        frame: (frame) => this.#answered(frame),
        down: () => {
          for (const answer of this.#sends.values()) answer(undefined)
          this.#sends.clear()
        },
      },
    )
  }

  /** From now on what is written to Tim disappears. */
  async begin(): Promise<void> {
    await this.#write('hello')
    await this.#ask('actions.setTimer', { conversation: this.tim, afterMs })
  }

  async talk(): Promise<void> {
    while (!this.#resting) {
      const at = this.#random.next()
      if (at < 0.45) await this.#plan()
      else if (at < 0.65) await this.#callOff()
      else await this.#pass()
      await pause(this.#random.between(0, 15))
    }
  }

  rest(): void {
    this.#resting = true
  }

  /** What is still to be sent, or to disappear. */
  async unfinished(): Promise<readonly string[]> {
    const { scheduled } = await this.#ask<{ readonly scheduled: readonly { readonly id: string }[] }>(
      'actions.scheduled',
      {},
    )
    const { entries } = await this.#ask<{ readonly entries: readonly (readonly unknown[])[] }>('offline.page', {
      conversation: this.tim,
      limit: 200,
    })
    const stays = entries.filter(([, , , , , body]) => typeof (body as { expires?: unknown }).expires === 'number')
    return [
      ...scheduled.map(({ id }) => `${this.user}'s ${id} is still to be sent`),
      ...stays.map(([, , , , id]) => `${this.user}'s ${String(id)} is still there`),
    ]
  }

  close(): void {
    this.#resting = true
    this.#line.close()
  }

  #name(kind: string): { readonly id: string; readonly text: string } {
    const id = `${this.user}-${kind}-${(this.#made += 1)}`
    // Nothing else says this.
    return { id, text: `${id} ${Math.floor(this.#random.next() * 1e9).toString(36)}` }
  }

  async #plan(): Promise<void> {
    const at = Date.now() + this.#stage.pool.aheadMs + this.#random.between(ahead.least, ahead.most)
    const planned: Planned = { ...this.#name('planned'), at, state: 'asked' }
    this.planned.push(planned)
    const { id, text } = planned
    planned.state = await this.#told(
      () => this.#ask('actions.schedule', { to: { user: 'sam' }, body: { text }, at, id }),
      { done: 'planned', refused: 'refused' },
    )
  }

  async #callOff(): Promise<void> {
    const waiting = this.planned.filter(({ state }) => state === 'planned')
    if (waiting.length === 0) return
    // One that is due soon, most often: then it is about who is first.
    const chosen = waiting.toSorted((a, b) => a.at - b.at)[this.#random.between(0, Math.min(3, waiting.length - 1))]!
    chosen.state = 'calling off'
    chosen.state = await this.#told(() => this.#ask('actions.unschedule', { conversation: this.sam, id: chosen.id }), {
      done: 'called off',
      refused: 'late',
    })
  }

  async #pass(): Promise<void> {
    const passing: Passing = { ...this.#name('passing'), acked: false }
    this.passing.push(passing)
    await this.#write(passing.text, passing.id)
    passing.acked = true
  }

  async #told<T>(
    asked: () => Promise<unknown>,
    { done, refused }: { readonly done: T; readonly refused: T },
  ): Promise<T> {
    try {
      await asked()
      return done
    } catch (error) {
      if (error instanceof Refused) return refused
      throw error
    }
  }

  #write(text: string, id = `${this.user}-${text}`): Promise<void> {
    return this.#again(async () => {
      const [kind, , shape] = await this.#send(id, text)
      if (kind === 'no') throw new Refused(shape as { code: string; message: string })
    })
  }

  #send(id: string, text: string): Promise<Frame> {
    return new Promise((resolve, reject) => {
      if (!this.#line.up) return reject(new Error('not connected'))
      const rid = this.#line.nextId()
      this.#sends.set(rid, (frame) => (frame ? resolve(frame) : reject(new Error('the connection was lost'))))
      this.#line.send(['s', rid, { user: 'tim' }, id, { text }])
    })
  }

  #answered(frame: Frame): void {
    const [kind, rid] = frame
    if (kind !== 'a' && kind !== 'no') return
    this.#sends.get(rid)?.(frame)
    this.#sends.delete(rid)
  }

  #ask<T>(name: string, input: object): Promise<T> {
    return this.#again(() => this.#line.ask<T>(name, input))
  }

  /** Until it is answered, however many servers die over it. @throws Refused for good */
  async #again<T>(asked: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await this.#within(asked())
      } catch (error) {
        if (error instanceof Refused && !error.retryable) throw error
        await pause(pauseMs)
      }
    }
  }

  async #within<T>(asked: Promise<T>): Promise<T> {
    const ended = new AbortController()
    const late = pause(patienceMs, undefined, { signal: ended.signal }).then(() => {
      throw new Error('no answer')
    })
    late.catch(() => undefined)
    try {
      return await Promise.race([asked, late])
    } finally {
      ended.abort()
    }
  }
}
