import type { Db } from 'mongodb'

/** The database itself, for a plugin that is bound to MongoDB. */
export interface MongoNative {
  /** With our write and read concerns. */
  readonly db: Db
  /** What the names of our collections begin with; use another prefix for your own. */
  readonly prefix: string
}

declare module '@natter/core/contract' {
  interface NativeStores {
    mongo: MongoNative
  }
}
