import type { ClientSession, Collection, Document, MongoClient, UUID } from 'mongodb'
import type { Stored } from '../collections.js'

/** The session in which a server has its transactions. */
export type SessionDocument = Stored<UUID, { readonly at: Date }>

/** A session that was not renewed for so long is nobody's, ms; it is renewed once a minute. */
const forgottenMs = 3_600_000

/**
 * Transactions, and an end to those of others that hold us up. A server that dies within one leaves it open for a minute
 * (https://www.mongodb.com/docs/manual/core/transactions-production-consideration/#runtime-limit), and whoever wants to
 * write what it wrote waits. So each has its session on record, and who is held up ends all others: a server that lives does its
 * transaction again.
 */
export class Transactions {
  readonly #client: MongoClient
  readonly #sessions: Collection<SessionDocument>
  #session: ClientSession | undefined
  #opening: Promise<ClientSession> | undefined
  #ending: Promise<void> | undefined

  constructor(client: MongoClient, sessions: Collection<SessionDocument>) {
    this.#client = client
    this.#sessions = sessions
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

  /** Once a minute. */
  async renew(): Promise<void> {
    if (this.#session) await this.#record(this.#session)
  }

  /** Ends the transactions of all others. Never rejects: where it cannot be done they end by themselves, in a minute. */
  endOthers(): Promise<void> {
    return (this.#ending ??= this.#endOthers()
      .catch((error: unknown) => void error)
      .finally(() => (this.#ending = undefined)))
  }

  async #endOthers(): Promise<void> {
    const own = this.#session?.id as { readonly id: UUID } | undefined
    const others = await this.#sessions.find({ _id: { $ne: own?.id ?? null } } as Document).toArray()
    if (others.length === 0) return
    await this.#client.db('admin').command({ killSessions: others.map(({ _id }) => ({ id: _id })) })
    await this.#sessions.deleteMany({
      _id: { $in: others.map(({ _id }) => _id) },
      $expr: { $lt: ['$at', { $subtract: ['$$NOW', forgottenMs] }] },
    })
  }

  async close(): Promise<void> {
    const session = this.#session
    if (!session) return
    await this.#sessions.deleteOne({ _id: (session.id as { readonly id: UUID }).id })
    await session.endSession()
  }
}
