import { StorageErrors } from '@natter/core/contract'
import type { EntryPage, NatterError } from '@natter/core/contract'
import type { Outcome, Session, Statement } from '../database.js'
import { smallPage } from '../log-verbs.js'
import type { AskLog, LogVerb, LogVerbs, PageAsk } from '../log-verbs.js'
import { SqlLog } from '../sql-log.js'
import { errorOf } from './fault.js'
import type { FaultOf } from './fault.js'
import { Lane } from './lane.js'
import type { Settled } from './lane.js'
import { LogCommits } from './log-commits.js'
import type { LogWrite, LogWritten } from './log-rows.js'
import type { LogReadVerb, LogSql } from './log-sql.js'
import { SettledMarks } from './settled-marks.js'
import type { Query, Task, Wire, WirePool } from './wire.js'

/** Reads that go in one round trip. */
const readsTogether = 16
/** So often a statement that lost a race is done again. */
const mostTries = 20

/** Something done on a connection, which may be done again when it lost a race. */
type Work<T> = (wire: Wire) => Promise<T>

/** Reads of the log tell only of what is on the disk. */
interface Reading {
  readonly task: Task<unknown>
  readonly log: boolean
}

/** A session that can do several statements in one transaction. */
export interface ServerInside extends Session {
  transact<T>(run: Work<T>): Promise<T>
}

export interface ServerLimits {
  /** Most writes to the log in one transaction. */
  readonly batch: number
  /** Most requests without an answer; more are refused with STORAGE_BUSY. */
  readonly queue: number
  /** Most connections at once. */
  readonly connections: number
}
/** Connections for each kind of work: writers of the log, each with conversations of its own; reads; other writes. */
const most = { lanes: 2, readers: 3, writers: 4 } as const

const savepoints: readonly Query[] = [
  'savepoint request',
  'release savepoint request',
  'rollback to savepoint request',
].map((sql) => ({ sql, bindings: [] }))
const isWrite = (verb: LogVerb): verb is LogWrite[0] => verb === 'append' || verb === 'mark' || verb === 'rewrite'

/** FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/): the same conversation is always in the same lane. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value >>> 0
}

/**
 * The way of all requests to a server: writes to the log in lanes with shared commits, reads together in one round trip,
 * other writes each on their own. What waits is bounded.
 */
export class ServerSession implements ServerInside {
  readonly log: SqlLog
  readonly #pool: WirePool
  readonly #sql: LogSql
  readonly #faultOf: FaultOf
  readonly #queue: number
  readonly #lanes: readonly Lane<LogWrite, LogWritten>[]
  readonly #readers: Lane<Reading, unknown>
  readonly #writers: Lane<Work<unknown>, unknown>
  readonly #settled: SettledMarks | undefined
  #waiting = 0
  #closing: Promise<void> | undefined
  #drained: (() => void) | undefined

  constructor(pool: WirePool, sql: LogSql, faultOf: FaultOf, { batch, queue, connections }: ServerLimits) {
    const width = (kind: keyof typeof most) => Math.min(most[kind], connections)
    this.#pool = pool
    this.#sql = sql
    this.#faultOf = faultOf
    this.#queue = queue
    const { settling } = sql
    this.#settled =
      settling && new SettledMarks(settling, (query) => this.#write((wire) => wire.run([...sql.alone, query])))
    this.log = new SqlLog(
      ((verb, payload) => this.#ask(verb, payload)) as AskLog,
      (conversation, user) => this.write(sql.forget(conversation, user)),
      (ask) => this.#page(ask),
    )
    const commits = new LogCommits(pool, sql, faultOf, this.#settled)
    this.#lanes = Array.from(
      { length: width('lanes') },
      () =>
        new Lane({ most: batch, width: 1 }, (writes: readonly LogWrite[]) => commits.commit(writes), this.#answered),
    )
    const readers = { most: readsTogether, width: width('readers') }
    this.#readers = new Lane(readers, (readings) => this.#read(readings), this.#answered)
    this.#writers = new Lane(
      { most: 1, width: width('writers') },
      async ([queries]) => [{ value: await this.#write(queries!) }],
      this.#answered,
    )
  }

  read({ sql, bindings }: Statement): Promise<Outcome> {
    const task: Task<Outcome> = { queries: [{ sql, bindings }], read: ([outcome]) => outcome! }
    return this.#through(this.#readers, { task, log: false }) as Promise<Outcome>
  }

  async write(statement: Statement): Promise<Outcome> {
    const [outcome] = await this.#work((wire) => wire.run([...this.#sql.alone, statement]).then((all) => all.slice(-1)))
    return outcome!
  }

  transact<T>(run: Work<T>): Promise<T> {
    const { begin, commit } = this.#sql
    return this.#work(async (wire) => {
      await wire.run(begin)
      const value = await run(wire)
      await wire.run([commit])
      return value
    })
  }

  #work<T>(work: Work<T>): Promise<T> {
    return this.#through(this.#writers, work) as Promise<T>
  }

  /** Something that has a connection to itself. */
  async alone<T>(run: (wire: Wire) => Promise<T>): Promise<T> {
    const refusal = this.#admit()
    if (refusal) throw refusal
    try {
      return await this.#pool.use(run, true)
    } catch (error) {
      throw errorOf(error, this.#faultOf)
    } finally {
      this.#answered(1)
    }
  }

  /** The same requests within a transaction that is open on a connection. */
  inside(wire: Wire): ServerInside {
    const commits = new LogCommits(this.#pool, this.#sql, this.#faultOf)
    /** What the database refuses of one request undoes that request, and leaves the transaction as it was. */
    const apart = async <T>(run: () => Promise<T>, savepoint = this.#sql.refusalSpoils): Promise<T> => {
      const [set, release, back] = savepoint ? savepoints : []
      try {
        if (set) await wire.run([set])
        const value = await run()
        if (release) await wire.run([release])
        return value
      } catch (error) {
        if (back) {
          await wire.run([back]).catch(() => {
            // the transaction is gone, with its connection; what follows in it is refused
          })
        }
        throw errorOf(error, this.#faultOf)
      }
    }
    const one = async ({ sql, bindings }: Statement) => (await wire.run([{ sql, bindings }]))[0]!
    const ask = (verb: LogVerb, payload: never) =>
      apart(async () => {
        if (isWrite(verb)) return commits.within(wire, [verb, payload] as LogWrite)
        const task = this.#task(verb, payload)
        return task.read(await wire.run(task.queries))
      }, true)
    return {
      log: new SqlLog(ask as AskLog, (conversation, user) =>
        apart(() => wire.run([this.#sql.forget(conversation, user)])),
      ),
      read: (statement) => apart(() => one(statement)),
      write: (statement) => apart(() => one(statement)),
      transact: (run) => apart(() => run(wire), true),
    }
  }

  /** What was asked before is still done. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  async #close(): Promise<void> {
    if (this.#waiting > 0) await new Promise<void>((resolve) => (this.#drained = resolve))
    await this.#pool.close()
  }

  #ask<V extends LogVerb>(verb: V, payload: LogVerbs[V][0]): Promise<unknown> {
    if (isWrite(verb)) {
      const write = [verb, payload] as LogWrite
      return this.#through(this.#lanes[hash(write[1].conversation) % this.#lanes.length]!, write)
    }
    const task = this.#task(verb, payload)
    if (verb !== 'begin') return this.#through(this.#readers, { task, log: true })
    return this.#through(this.#writers, async (wire) => task.read(await wire.run(task.queries)))
  }

  async #page(ask: PageAsk): Promise<EntryPage | undefined> {
    const read = <T>(task: Task<T>) => this.#through(this.#readers, { task, log: true }) as Promise<T>
    const whole = ask.limit > smallPage ? 'too large' : await read(this.#sql.page.whole(ask))
    return whole === 'too large' ? read(this.#sql.page.fitting(ask)) : whole
  }

  #task(verb: LogVerb, payload: unknown): Task<unknown> {
    if (verb === 'begin') return this.#sql.noteBegin(payload as string)
    return this.#sql.reads[verb as LogReadVerb](payload as never)
  }

  #through<Request, T>(lane: Lane<Request, T>, request: Request): Promise<T> {
    const refusal = this.#admit()
    return refusal ? Promise.reject(refusal) : lane.ask(request)
  }

  /** Counts a request in, or says why not. */
  #admit(): NatterError | undefined {
    if (this.#closing) return StorageErrors.CLOSED()
    if (this.#waiting >= this.#queue) return StorageErrors.BUSY()
    this.#waiting++
    return undefined
  }

  readonly #answered = (requests: number) => {
    this.#waiting -= requests
    if (this.#waiting === 0) this.#drained?.()
  }

  /** Several reads in one round trip; when one fails each is done on its own. */
  async #read(readings: readonly Reading[]): Promise<readonly Settled<unknown>[]> {
    try {
      return (await this.#readTogether(readings)).map((value) => ({ value }))
    } catch {
      return Promise.all(readings.map((reading) => this.#readAlone(reading)))
    }
  }

  async #readTogether(readings: readonly Reading[]): Promise<readonly unknown[]> {
    const queries = readings.flatMap(({ task }) => task.queries)
    const settled = readings.some(({ log }) => log) ? this.#settled : undefined
    const outcomes = await this.#pool.use((wire) => wire.run(settled ? [...queries, settled.question] : queries))
    if (settled) await settled.reach(outcomes.at(-1)!.rows[0]![0] as number)
    let next = 0
    return readings.map(({ task }) => task.read(outcomes.slice(next, (next += task.queries.length))))
  }

  async #readAlone(reading: Reading): Promise<Settled<unknown>> {
    try {
      return { value: (await this.#readTogether([reading]))[0] }
    } catch (error) {
      return { error: errorOf(error, this.#faultOf) }
    }
  }

  /** A statement is a transaction, or what it is part of. One that lost a race is done again; one whose end is unknown is not. */
  async #write(work: Work<unknown>): Promise<unknown> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#pool.use(work)
      } catch (error) {
        const refusal = errorOf(error, this.#faultOf)
        const again = refusal.code === 'STORAGE_BUSY' && this.#faultOf(error).scope === 'again'
        if (!again || tries === mostTries) throw refusal
      }
    }
  }
}
