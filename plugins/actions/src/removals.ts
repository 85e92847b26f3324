import { InTurn, NatterErrors } from '@natter/core'
import type { Records } from '@natter/core/contract'
import { ActionsErrors } from './contract.js'
import type { removal } from './contract.js'
import type { Reading } from './reading.js'

interface RemovalsParts {
  readonly rows: Records<typeof removal>
  readonly reading: Reading
  readonly most: number
}

const mostTries = 200

/** What people delete for themselves alone. It is only ever added to, so devices agree in whatever order they hear of it. */
export class Removals {
  readonly #parts: RemovalsParts
  readonly #turns = new InTurn()

  constructor(parts: RemovalsParts) {
    this.#parts = parts
  }

  /** @throws NATTER_NOT_FOUND for the conversation */
  async of(me: string, conversation: string): Promise<readonly number[]> {
    await this.#parts.reading.place(me, conversation)
    return this.hidden(me, conversation)
  }

  async hidden(user: string, conversation: string): Promise<readonly number[]> {
    const row = await this.#parts.rows.get({ user, conversation })
    return (row?.seqs ?? []) as readonly number[]
  }

  /** @throws NATTER_NOT_FOUND also for an entry that is not theirs to read, ACTIONS_TOO_MANY */
  async add(me: string, conversation: string, seqs: readonly number[]): Promise<void> {
    const { reading, rows, most } = this.#parts
    const { me: mine, seq: head } = await reading.place(me, conversation)
    if (seqs.some((seq) => seq <= mine.floor || seq > head)) throw NatterErrors.NOT_FOUND()
    const key = { user: me, conversation }
    await this.#turns.run(`${me} ${conversation}`, async () => {
      for (let tries = 0; tries < mostTries; tries++) {
        const row = await rows.get(key)
        const known = (row?.seqs ?? []) as readonly number[]
        const all = [...new Set([...known, ...seqs])].sort((a, b) => a - b)
        if (all.length === known.length) return
        if (all.length > most) throw ActionsErrors.TOO_MANY()
        const written = row
          ? await rows.updateIf({ ...key, version: row.version }, { seqs: all }, { version: 1 })
          : (await rows.insert({ ...key, version: 1, seqs: all })) === 'inserted'
        if (written) return
      }
      throw NatterErrors.BUSY()
    })
  }
}
