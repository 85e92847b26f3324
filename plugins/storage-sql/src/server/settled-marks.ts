import { NatterError } from '@natter/core/contract'
import { Lane } from './lane.js'
import type { Settling } from './log-sql.js'
import type { Query } from './wire.js'

/**
 * Up to which mark the log is known to be on the disk, for a server that shows a commit before it is there: InnoDB lets
 * others see it first, and writes its log behind that. What was read too early may be taken back by a crash.
 *
 * Marks are in the order of commits: each transaction holds the row of the mark from when it raises it.
 */
export class SettledMarks {
  /** What a read must ask of the server behind what it reads. */
  readonly question: Query
  #known = 0
  readonly #lane: Lane<number, undefined>

  constructor({ mark, settle }: Settling, commit: (query: Query) => Promise<unknown>) {
    this.question = mark
    this.#lane = new Lane({ most: Infinity, width: 1 }, async (marks) => {
      await commit(settle).catch((error: unknown) => {
        // A server that is read-only has no commit under way. One whose disk is full may have: what hangs there can be gone.
        if (!NatterError.is(error) || error.code !== 'STORAGE_READ_ONLY') throw error
      })
      this.note(Math.max(...marks))
      return marks.map(() => ({ value: undefined }))
    })
  }

  /** What was committed with this mark is on the disk. */
  note(mark: number): void {
    this.#known = Math.max(this.#known, mark)
  }

  /** Resolves once all up to this mark, which a read has seen, is on the disk. @throws STORAGE_… */
  async reach(mark: number): Promise<void> {
    if (mark > this.#known) await this.#lane.ask(mark)
  }
}
