import type { ClientSession, Db, Document } from 'mongodb'
import type { AnsweringCollection } from '../answering-collection.js'
import { commandMs, hurried, limited } from '../answers.js'
import type { Answers } from '../answers.js'
import type { Collections } from '../collections.js'
import type {
  Block,
  ChangeRecord,
  ConversationDocument,
  IncarnationDocument,
  Intent,
  LogDocument,
  MemberDocument,
} from './documents.js'

/** What the server said of a write command. */
export interface WriteReply {
  /** The first document that was refused; those before it are stored, those behind it are not. */
  readonly refused?: {
    readonly index: number
    readonly code: number
    readonly errmsg: string
    readonly keyPattern?: Readonly<Record<string, unknown>>
  }
}

/** The refusal as an error, for those who cannot go on. */
export function refusalError(refused: NonNullable<WriteReply['refused']>): Error {
  const { code, errmsg, keyPattern } = refused
  return Object.assign(new Error(errmsg), { code, keyPattern })
}

/** Updates in one command: the server takes 100,000. */
const updatesTogether = 5_000
/** A command that takes longer is held up, ms. */
export const patienceMs = 1_000

/** The collections of the log, and the commands that the driver must not do again by itself. */
export class LogCollections {
  readonly db: Db
  readonly #answers: Answers
  readonly blocks: AnsweringCollection<Block>
  readonly changes: AnsweringCollection<ChangeRecord>
  readonly intents: AnsweringCollection<Intent>
  readonly conversations: AnsweringCollection<ConversationDocument>
  readonly members: AnsweringCollection<MemberDocument>
  readonly incarnations: AnsweringCollection<IncarnationDocument>
  readonly #names: { readonly log: string; readonly conversations: string; readonly members: string }
  readonly #concern: Document
  readonly #heldUp: () => void

  /** `heldUp`: a command has waited for so long that another's transaction may be why. */
  constructor(collections: Collections, heldUp: () => void = () => undefined) {
    this.#heldUp = heldUp
    const { db, answers } = collections
    this.db = db
    this.#answers = answers
    this.blocks = collections.of('log', hurried)
    this.changes = collections.of('log', hurried)
    this.intents = collections.of('log', hurried)
    this.conversations = collections.of('conversations', hurried)
    this.members = collections.of('members', hurried)
    this.incarnations = collections.of('incarnations', hurried)
    this.#names = {
      log: collections.name('log'),
      conversations: collections.name('conversations'),
      members: collections.name('members'),
    }
    const { w, journal, wtimeoutMS } = db.writeConcern ?? {}
    this.#concern = {
      w,
      ...(journal !== undefined && { j: journal }),
      ...(wtimeoutMS !== undefined && { wtimeout: wtimeoutMS }),
    }
  }

  /** Stores documents in this order up to the first that is refused. */
  async insert(documents: readonly LogDocument[], session?: ClientSession): Promise<WriteReply> {
    return this.#command({ insert: this.#names.log, documents, ordered: true }, session)
  }

  async update(
    where: 'conversations' | 'members',
    updates: readonly Document[],
    session?: ClientSession,
  ): Promise<void> {
    for (let from = 0; from < updates.length; from += updatesTogether) {
      const some = updates.slice(from, from + updatesTogether)
      const command = { update: this.#names[where], updates: some, ordered: session !== undefined }
      const { refused } = await this.#command(command, session)
      if (refused) throw refusalError(refused)
    }
  }

  async #command(body: Document, session: ClientSession | undefined): Promise<WriteReply> {
    const command = session ? body : { ...body, writeConcern: this.#concern, maxTimeMS: commandMs }
    const patience = session ? undefined : setInterval(this.#heldUp, patienceMs)
    const ask = (signal: AbortSignal) => this.db.command(command, { ...(session && { session }), signal })
    const reply = await this.#answers.of(ask, limited).finally(() => clearInterval(patience))
    const { writeConcernError } = reply as { writeConcernError?: { errmsg?: string } }
    if (writeConcernError) throw Object.assign(new Error(writeConcernError.errmsg), { writeConcernError })
    const [refused] = (reply['writeErrors'] ?? []) as NonNullable<WriteReply['refused']>[]
    return refused ? { refused } : {}
  }
}
