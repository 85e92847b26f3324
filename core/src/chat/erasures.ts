import { hash } from 'node:crypto'
import { field, model, NatterError } from '../contract/index.js'
import type { Awaitable, Records, RowFor, Storage } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import type { Logger } from '../kernel/logger.js'
import { newId } from '../protocol/id.js'
import type { Clock, Timer } from '../services/clock.js'
import type { Erasure, ErasurePhase, ErasureStep } from '../services/personal-data.js'

/** Erasures under way: recorded before anything is removed, and gone with the last of it. */
export const erasureModel = model('erasure', {
  fields: {
    user: field.id(),
    /** What the ids that stand for the person are made of. */
    salt: field.id(),
    /** Steps that are done, by name. */
    done: field.json(),
    /** The step that is under way, and how far it has come. */
    step: field.text({ optional: true }),
    place: field.text({ max: 1_024, optional: true }),
  },
  key: ['user'],
  personal: { user: 'who is being erased, until that is done', place: 'where it stands' },
})
type Row = RowFor<typeof erasureModel>

interface ErasureParts {
  /** The steps of all plugins. */
  readonly steps: (erasure: Erasure) => Awaitable<readonly ErasureStep[]>
  /** Absent where nothing is stored. */
  readonly storage: Pick<Storage, 'records' | 'purge'> | undefined
  readonly clock: Clock
  readonly log: Logger
}

const phases: readonly ErasurePhase[] = ['close', 'leave', 'erase']
/** So often what failed is tried again, ms. */
const againMs = 60_000

/** Erases people, step by step; what was begun is gone on with until it is done. */
export class Erasures {
  readonly #parts: ErasureParts
  readonly #rows: Records<typeof erasureModel> | undefined
  readonly #running = new Map<string, Promise<void>>()
  #timer: Timer | undefined
  #stopped = false

  constructor(parts: ErasureParts) {
    this.#parts = parts
    this.#rows = parts.storage?.records('core', erasureModel)
  }

  /** Goes on with what is recorded, and looks again from time to time. */
  start(): void {
    if (!this.#rows) return
    this.#timer = this.#parts.clock.every(againMs, () => void this.resume())
    void this.resume()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#timer?.cancel()
    await Promise.allSettled(this.#running.values())
  }

  /** Goes on with all that is recorded. */
  async resume(): Promise<void> {
    const { log } = this.#parts
    try {
      for (let after: string | undefined; ;) {
        const page = await this.#rows!.page({ user: { gt: '' } }, after === undefined ? {} : { after })
        for (const { user } of page.rows) {
          await this.erase(user).catch((err: unknown) => {
            if (!this.#stopped) log.warn({ err }, 'an erasure is not done yet; it is gone on with in a minute')
          })
        }
        if (page.next === undefined || this.#stopped) return
        after = page.next
      }
    } catch (err) {
      if (!this.#stopped) log.warn({ err }, 'erasures that may be under way could not be read')
    }
  }

  erase(user: string): Promise<void> {
    const known = this.#running.get(user)
    if (known) return known
    const running = this.#erase(user).finally(() => this.#running.delete(user))
    this.#running.set(user, running)
    return running
  }

  async #erase(user: string): Promise<void> {
    const rows = this.#rows
    let row: Row = { user, salt: newId(), done: [] }
    if (rows && (await rows.insert(row)) === 'exists') row = (await rows.get({ user })) ?? row
    const { salt } = row
    const as = (conversation: string) => hash('sha256', `${salt}\0${conversation}`, 'base64url').slice(0, 22)
    const steps = await this.#parts.steps({ user, as })
    const ordered = phases.flatMap((phase) => steps.filter((step) => step.phase === phase))
    const done = new Set(row.done as readonly string[])
    for (const step of ordered) {
      if (done.has(step.name)) continue
      let place = row.step === step.name ? row.place : undefined
      for (;;) {
        if (this.#stopped) throw NatterErrors.STOPPED({ message: 'The erasure goes on at the next start.' })
        place = await step.run(place).catch((error: unknown) => fail(step, error))
        if (place === undefined) break
        await rows?.updateIf({ user }, { step: step.name, place })
      }
      done.add(step.name)
      await rows?.updateIf({ user }, { done: [...done], step: undefined, place: undefined })
    }
    await rows?.take({ user })
    await this.#parts.storage?.purge?.()
  }
}

function fail({ name }: ErasureStep, cause: unknown): never {
  if (NatterError.is(cause)) throw cause
  throw NatterErrors.HOOK_FAILED({ message: `The step ${name} of an erasure failed.`, cause })
}
