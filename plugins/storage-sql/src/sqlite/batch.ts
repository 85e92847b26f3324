import type { Connection } from './connection.js'
import { faultOf } from './faults.js'
import type { Fault } from './faults.js'
import { LogReader } from './log-reader.js'
import { LogWriter } from './log-writer.js'
import type { Answer, Request, Verb } from './verbs.js'

const readVerbs: ReadonlySet<Verb> = new Set<Verb>([
  'read',
  'find',
  'head',
  'range',
  'page',
  'membership',
  'state',
  'states',
  'changed',
  'latest',
  'holds',
])
export const isRead = (request: Request): boolean => readVerbs.has(request[1])

/** Requests that came together: reads each on their own, writes in one transaction. */
export class Batches {
  readonly #connection: Connection
  readonly #reader: LogReader

  constructor(connection: Connection) {
    this.#connection = connection
    this.#reader = new LogReader(connection)
  }

  /** Each on its own, and all of one moment: a transaction for many costs less than one for each. */
  reads(requests: readonly Request[]): Answer[] {
    if (requests.length === 1) return this.#each(requests)
    try {
      return this.#connection.snapshot(() => this.#each(requests))
    } catch (error) {
      const fault = faultOf(error)
      return requests.map(([id]) => [id, fault, undefined])
    }
  }

  #each(requests: readonly Request[]): Answer[] {
    return requests.map((request) => {
      try {
        return [request[0], undefined, this.#read(request)]
      } catch (error) {
        return [request[0], faultOf(error), undefined]
      }
    })
  }

  /**
   * One transaction, one sync. What the database refuses of a single request spoils it alone: then the rest is done
   * again, in the same order, each behind a savepoint. Anything else fails all of them, and nothing is stored.
   */
  writes(requests: readonly Request[]): { readonly answers: Answer[]; readonly failed: Fault | undefined } {
    let fault = this.#attempt(requests, false)
    if (!Array.isArray(fault) && fault.scope === 'request') fault = this.#attempt(requests, true)
    if (Array.isArray(fault)) return { answers: fault, failed: undefined }
    const failed: Fault = fault
    return { answers: requests.map(([id]) => [id, failed, undefined]), failed }
  }

  #attempt(requests: readonly Request[], apart: boolean): Answer[] | Fault {
    let answers: Answer[]
    try {
      this.#connection.exec('BEGIN IMMEDIATE')
      answers = apart ? requests.map((each) => this.apart(each)) : this.#together(requests)
    } catch (error) {
      return this.#undo(error)
    }
    try {
      this.#connection.exec('COMMIT')
      return answers
    } catch (error) {
      const fault = this.#undo(error)
      // nobody in particular is to blame, and none of it is stored
      return fault.scope === 'request' ? { code: 'UNAVAILABLE', cause: fault.cause, scope: 'transaction' } : fault
    }
  }

  #undo(error: unknown): Fault {
    try {
      this.#connection.rollback()
      return faultOf(error)
    } catch {
      // a transaction that cannot be ended ends with its connection
      return { ...faultOf(error), scope: 'connection' }
    }
  }

  #together(requests: readonly Request[]): Answer[] {
    const log = new LogWriter(this.#connection)
    const answers = requests.map((request): Answer => {
      if (request[1] !== 'write') return [request[0], undefined, this.#write(log, request)]
      try {
        return [request[0], undefined, this.#connection.statement(request[2])]
      } catch (error) {
        // a refused statement undoes itself and leaves the transaction as it was
        const fault = faultOf(error)
        if (fault.scope !== 'request' || !this.#connection.inTransaction) throw error
        return [request[0], fault, undefined]
      }
    })
    log.flush()
    return answers
  }

  /** One request inside an open transaction: all of it or nothing. */
  apart(request: Request): Answer {
    if (isRead(request)) return this.reads([request])[0]!
    this.#connection.exec('SAVEPOINT request')
    try {
      const log = new LogWriter(this.#connection)
      const value = this.#write(log, request)
      log.flush()
      this.#connection.exec('RELEASE request')
      return [request[0], undefined, value]
    } catch (error) {
      const fault = faultOf(error)
      if (fault.scope !== 'request' || !this.#connection.inTransaction) throw error
      this.#connection.exec('ROLLBACK TO request')
      this.#connection.exec('RELEASE request')
      return [request[0], fault, undefined]
    }
  }

  #write(log: LogWriter, request: Request): unknown {
    switch (request[1]) {
      case 'append':
        return log.append(request[2])
      case 'mark':
        return log.mark(request[2])
      case 'rewrite':
        return log.rewrite(request[2])
      case 'begin':
        return log.begin(request[2])
      case 'write':
        return this.#connection.statement(request[2])
      default:
        throw new TypeError(`storage-sql: ${request[1]} is no write`)
    }
  }

  #read(request: Request): unknown {
    switch (request[1]) {
      case 'read':
        return this.#connection.statement(request[2])
      case 'find':
        return this.#reader.find(request[2])
      case 'head':
        return this.#reader.head(request[2])
      case 'range':
        return this.#reader.range(request[2])
      case 'page':
        return this.#reader.page(request[2])
      case 'membership':
        return this.#reader.membership(request[2])
      case 'state':
        return this.#reader.state(request[2])
      case 'states':
        return this.#reader.states(request[2])
      case 'changed':
        return this.#reader.changed(request[2])
      case 'latest':
        return this.#reader.latest()
      case 'holds':
        return this.#reader.holds(request[2])
      default:
        throw new TypeError(`storage-sql: ${request[1]} is no read`)
    }
  }
}
