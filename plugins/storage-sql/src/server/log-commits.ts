import { NatterError, StorageErrors } from '@natter/core/contract'
import type { FaultOf } from './fault.js'
import { errorOf } from './fault.js'
import type { Settled } from './lane.js'
import { LogBatch, openingOf, wantedBy } from './log-batch.js'
import { noChanges } from './log-rows.js'
import type { Loaded, LogWrite, LogWritten, Wanted } from './log-rows.js'
import type { LogSql } from './log-sql.js'
import type { SettledMarks } from './settled-marks.js'
import type { Wire, WirePool } from './wire.js'

/** So often a batch that lost a race, or its connection, is done again. */
const mostTries = 10

/** A commit of which nobody knows whether it is stored. */
class CommitLost extends Error {
  readonly batch: LogBatch

  constructor(cause: unknown, batch: LogBatch) {
    super('the connection was lost while the commit was under way', { cause })
    this.batch = batch
  }
}

/** Reads what the writes need behind the locks, and creates the conversations that they open. */
async function load(
  wire: Wire,
  sql: LogSql,
  begin: boolean,
  writes: readonly LogWrite[],
  wanted: Wanted,
): Promise<Loaded> {
  const task = sql.load(wanted)
  const before = begin ? sql.begin : []
  const loaded = task.read((await wire.run([...before, ...task.queries])).slice(before.length))
  const opened = wanted.conversations
    .filter((id) => !loaded.conversations.has(id))
    .flatMap((id) => {
      const opening = openingOf(writes, id)
      return opening ? [{ id, kind: opening.kind }] : []
    })
  if (opened.length === 0) return loaded
  // somebody else may have created them meanwhile, so all is read again behind their locks
  const [, ...again] = await wire.run([sql.create(opened), ...task.queries])
  return task.read(again)
}

/** Batches of writes to the log, each in one transaction. */
export class LogCommits {
  readonly #pool: WirePool
  readonly #sql: LogSql
  readonly #faultOf: FaultOf
  readonly #settled: SettledMarks | undefined

  constructor(pool: WirePool, sql: LogSql, faultOf: FaultOf, settled?: SettledMarks) {
    this.#pool = pool
    this.#sql = sql
    this.#faultOf = faultOf
    this.#settled = settled
  }

  /**
   * All of them in one commit. A value that the database refuses splits the batch until it fails alone, and the order
   * stays. When the connection is lost with a commit under way, the database is asked what became of it.
   */
  async commit(writes: readonly LogWrite[]): Promise<readonly Settled<LogWritten>[]> {
    let doubt: LogBatch | undefined
    for (let tries = 1; ; tries++) {
      try {
        const answers = await this.#pool.use((wire) => this.#attempt(wire, writes, doubt))
        return answers.map((value) => ({ value }))
      } catch (thrown) {
        if (thrown instanceof CommitLost) doubt = thrown.batch
        const error = thrown instanceof CommitLost ? thrown.cause : thrown
        if (NatterError.is(error)) return this.#refused(writes, error)
        const { scope } = this.#faultOf(error)
        if (scope === 'request' && doubt === undefined) return this.#split(writes, error)
        const again = scope === 'again' || scope === 'connection'
        if (again && tries < mostTries) continue
        return this.#refused(writes, scope === 'again' ? StorageErrors.BUSY({ cause: error }) : error)
      }
    }
  }

  /** The same within a transaction that is open already. */
  async within(wire: Wire, write: LogWrite): Promise<LogWritten> {
    const wanted = wantedBy([write])
    const batch = new LogBatch([write], wanted, await load(wire, this.#sql, false, [write], wanted))
    const task = this.#sql.save(batch.changes())
    return batch.answers(task.read(task.queries.length > 0 ? await wire.run(task.queries) : []).counts)[0]!
  }

  async #attempt(wire: Wire, writes: readonly LogWrite[], doubt: LogBatch | undefined): Promise<readonly LogWritten[]> {
    const { commit, rollback } = this.#sql
    const wanted = wantedBy(writes)
    const loaded = await load(wire, this.#sql, true, writes, wanted)
    if (doubt?.isIn(loaded)) {
      // an entry is where only that commit can have put it, so all of it is stored
      const counted = this.#sql.save({ ...noChanges, counts: doubt.changes().counts })
      const outcomes = await wire.run([...counted.queries, rollback])
      return doubt.answers(counted.read(outcomes).counts)
    }
    const batch = new LogBatch(writes, wanted, loaded)
    const task = this.#sql.save(batch.changes())
    try {
      const { counts, mark } = task.read(await wire.run([...task.queries, commit]))
      if (mark !== undefined) this.#settled?.note(mark)
      const answers = batch.answers(counts)
      return doubt ? doubt.movedOr(answers) : answers
    } catch (error) {
      if (this.#faultOf(error).scope !== 'connection') throw error
      throw new CommitLost(error, batch)
    }
  }

  async #split(writes: readonly LogWrite[], error: unknown): Promise<readonly Settled<LogWritten>[]> {
    if (writes.length === 1) return this.#refused(writes, error)
    const half = writes.length >> 1
    const first = await this.commit(writes.slice(0, half))
    return [...first, ...(await this.commit(writes.slice(half)))]
  }

  #refused(writes: readonly LogWrite[], error: unknown): readonly Settled<LogWritten>[] {
    const refusal = errorOf(error, this.#faultOf)
    return writes.map(() => ({ error: refusal }))
  }
}
