import type { ClientSession, Document, MongoClient, UUID } from 'mongodb'
import { NatterError } from '@natter/core/contract'
import type { AnsweringCollection } from '../answering-collection.js'
import { limited } from '../answers.js'
import type { Answers } from '../answers.js'
import type { Collections, Stored } from '../collections.js'

/** The session in which a server has its transactions. */
export type SessionDocument = Stored<UUID, { readonly at: Date }>

/** A session that was not renewed for so long is nobody's, ms; it is renewed once a minute. */
const forgottenMs = 3_600_000
/** A server that lives takes less for a transaction, ms. */
const oldMs = 2_000

/**
 * Transactions, and an end to those of others that hold us up. A server that dies within one leaves it open for a minute
 * (https://www.mongodb.com/docs/manual/core/transactions-production-consideration/#runtime-limit), and whoever wants to
 * write what it wrote waits. So each has its session on record, and who is held up ends those that stand still. A server that
 * lives after all does its transaction again.
 */
export class Transactions {
  readonly #client: MongoClient
  readonly #answers: Answers
  readonly #sessions: AnsweringCollection<SessionDocument>
  #session: ClientSession | undefined
  #opening: Promise<ClientSession> | undefined
  #ending: Promise<void> | undefined

  constructor(client: MongoClient, collections: Collections) {
    this.#client = client
    this.#answers = collections.answers
    this.#sessions = collections.of('sessions', limited)
  }

  /** Our session, on record. One transaction at a time. */
  session(): Promise<ClientSession> {
    return (this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined
      throw error
    }))
  }

  async #open(): Promise<ClientSession> {
    this.#session ??= this.#client.startSession()
    await this.#record(this.#session)
    return this.#session
  }

  async #record({ id }: ClientSession): Promise<void> {
    const _id = (id as { readonly id: UUID }).id
    await this.#sessions.updateOne({ _id }, { $currentDate: { at: true } }, { upsert: true })
  }

  /** Commits what the session has begun. */
  commit(session: ClientSession): Promise<void> {
    return this.#end(session, () => session.commitTransaction())
  }

  /** Never rejects: what cannot be aborted ends by itself. */
  async abort(session: ClientSession): Promise<void> {
    await this.#end(session, () => session.abortTransaction()).catch((error: unknown) => void error)
  }

  /** A session whose end was never answered is left: those who are held up by it end it like one of others. */
  async #end(session: ClientSession, run: () => Promise<void>): Promise<void> {
    try {
      await this.#answers.of(run, limited)
    } catch (error) {
      if (NatterError.is(error) && this.#session === session) this.#session = this.#opening = undefined
      throw error
    }
  }

  /** Once a minute. */
  async renew(): Promise<void> {
    if (this.#session) await this.#record(this.#session)
  }

  /**
   * Ends transactions of others: all of them, or those that are open for longer than a server that lives takes. Never
   * rejects: where it cannot be done they end by themselves, in a minute.
   */
  endOthers(which: 'all' | 'old'): Promise<void> {
    return (this.#ending ??= this.#endOthers(which)
      .catch((error: unknown) => void error)
      .finally(() => (this.#ending = undefined)))
  }

  async #endOthers(which: 'all' | 'old'): Promise<void> {
    const own = this.#session?.id as { readonly id: UUID } | undefined
    const others = await this.#sessions.find({ _id: { $ne: own?.id ?? null } } as Document).toArray()
    const ids = others.map(({ _id }) => _id)
    const ended = which === 'all' ? ids : await this.#old(ids)
    if (ended.length === 0) return
    const admin = this.#client.db('admin')
    const kill = { killSessions: ended.map((id) => ({ id })) }
    await this.#answers.of((signal) => admin.command(kill, { signal }), limited)
    await this.#sessions.deleteMany({
      _id: { $in: ids },
      $expr: { $lt: ['$at', { $subtract: ['$$NOW', forgottenMs] }] },
    })
  }

  /** Those in which nothing is under way, and a transaction was begun long ago. */
  async #old(ids: readonly UUID[]): Promise<readonly UUID[]> {
    const open = { 'lsid.id': { $in: ids }, 'transaction.timeOpenMicros': { $gt: oldMs * 1_000 } }
    const look = [{ $currentOp: { idleSessions: true } }, { $match: { type: 'idleSession', ...open } }]
    const admin = this.#client.db('admin')
    const found = await this.#answers.of(
      () => admin.aggregate<{ readonly lsid: { readonly id: UUID } }>(look).toArray(),
      limited,
    )
    return found.map(({ lsid }) => lsid.id)
  }

  async close(): Promise<void> {
    const session = this.#session
    if (!session) return
    await this.#sessions.deleteOne({ _id: (session.id as { readonly id: UUID }).id })
    await session.endSession()
  }
}
