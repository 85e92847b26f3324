import type { Session } from './database.js'

/** The database itself, for a plugin that is bound to SQL: statements run on the store's own connection and lane. */
export interface SqlNative extends Pick<Session, 'read' | 'write'> {
  readonly dialect: string
}

declare module '@natter/core/contract' {
  interface NativeStores {
    sql: SqlNative
  }
}
