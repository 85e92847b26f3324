import type { Collection, Db } from 'mongodb'

/** A document whose fields we know by its type alone: what we stored is what we read. */
export type Stored<Id, Fields extends object = object> = Fields & { readonly _id: Id }

/** The names in one database that begin with our prefix. */
export class Collections {
  readonly db: Db
  readonly #prefix: string

  constructor(db: Db, prefix: string) {
    this.db = db
    this.#prefix = prefix
  }

  /** Collections of ours have one word after the prefix, those of models two, so they do not meet. */
  name(own: string): string {
    return this.#prefix + own
  }

  of<Document extends { readonly _id: unknown }>(own: string): Collection<Document> {
    return this.db.collection<Document>(this.name(own))
  }

  /** The collection of a plugin's model. */
  modelName(plugin: string, model: string): string {
    return this.name(`${plugin}_${model}`.replaceAll('-', '_'))
  }
}
