import type { Db } from 'mongodb'
import { answeringCollection } from './answering-collection.js'
import type { AnsweringCollection } from './answering-collection.js'
import { ordinary, unhurried } from './answers.js'
import type { Answers, Patience } from './answers.js'

/** A document whose fields we know by its type alone: what we stored is what we read. */
export type Stored<Id, Fields extends object = object> = Fields & { readonly _id: Id }

/** The names in one database that begin with our prefix. */
export class Collections {
  readonly db: Db
  readonly answers: Answers
  readonly #prefix: string

  constructor(db: Db, prefix: string, answers: Answers) {
    this.db = db
    this.answers = answers
    this.#prefix = prefix
  }

  /** Collections of ours have one word after the prefix, those of models two, so they do not meet. */
  name(own: string): string {
    return this.#prefix + own
  }

  of<Document extends { readonly _id: unknown }>(
    own: string,
    patience: Patience = ordinary,
  ): AnsweringCollection<Document> {
    return answeringCollection(this.db.collection<Document>(this.name(own)), this.answers, patience)
  }

  /** By its whole name. */
  named<Document extends { readonly _id: unknown }>(name: string): AnsweringCollection<Document> {
    return answeringCollection(this.db.collection<Document>(name), this.answers)
  }

  /** Makes one. @throws what the driver does where it is there. */
  async create(name: string): Promise<void> {
    await this.answers.of(() => this.db.createCollection(name), unhurried)
  }

  /** The collection of a plugin's model. */
  modelName(plugin: string, model: string): string {
    return this.name(`${plugin}_${model}`.replaceAll('-', '_'))
  }
}
