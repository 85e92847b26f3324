/** What a part of a store consists of, in which order it is copied, and how its lines are sorted. */
export interface BulkLines {
  /** By plugin and name. */
  model: {
    readonly plugin: string
    readonly name: string
    readonly key: readonly string[]
    readonly columns: readonly { readonly name: string; readonly type: string; readonly max?: number }[]
    readonly terms?: string
  }
  /** Data steps that are done, by plugin and id. */
  step: { readonly plugin: string; readonly id: string; readonly at: number }
  /** Starts of the server, in the order in which they were. */
  start: { readonly incarnation: string; readonly mark: number }
  /** One line: the change mark of the store. */
  mark: { readonly mark: number }
  /** By space and key, also what has expired. */
  kv: { readonly space: string; readonly key: string; readonly value: string; readonly expires?: number }
  /** By id. */
  conversation: {
    readonly id: string
    readonly kind: string
    readonly seq: number
    readonly n: number
    readonly at: number
    readonly version: number
    readonly mark: number
  }
  /** By conversation and user. `left`: the seq that they left with, 0 while they are in. */
  member: {
    readonly conversation: string
    readonly user: string
    readonly floor: number
    readonly left: number
    readonly read: number
    readonly received: number
    readonly mark: number
  }
  /** By conversation and seq. `from` and `digest` are empty where they were forgotten. */
  entry: {
    readonly conversation: string
    readonly seq: number
    readonly n: number
    readonly from: string
    readonly clientId: string
    readonly at: number
    readonly body: string
    readonly digest: string
    readonly changedBy: number
  }
  /** Rows of all models, by plugin, name and key; cells as they are stored, absent ones left out. */
  row: { readonly plugin: string; readonly model: string; readonly cells: Readonly<Record<string, string | number>> }
}
/** The parts of a store. */
export type BulkPart = keyof BulkLines

/**
 * A store from end to end, to copy it into another one, of another kind perhaps. Both stand still meanwhile: no server
 * runs on them.
 *
 * Lines of the same content are the same whatever store they come from, and in the same order (text by code point), so
 * that two stores can be compared line by line. Places are opaque, and good for this store only.
 */
export interface Bulk {
  /** Lines behind a place, at most `limit` (1..1,000), fewer where they are long. `next` is absent behind the last. */
  read<P extends BulkPart>(
    part: P,
    after: string | undefined,
    limit: number,
  ): Promise<{ readonly lines: readonly BulkLines[P][]; readonly next: string | undefined }>
  /**
   * Makes this store the target of a copy. Until `finish`, `prepare` refuses with `STORAGE_UNFINISHED`, so that no server
   * starts on half of the data.
   *
   * @param source What tells one copy from another.
   * @returns The place given with the last `write` of the same copy; nothing where it begins.
   * @throws STORAGE_NOT_EMPTY when there is anything else in it.
   */
  begin(source: string): Promise<string | undefined>
  /** Stores lines that are not there yet, with the place behind them, in one commit or so that a repeat is harmless. */
  write<P extends BulkPart>(part: P, lines: readonly BulkLines[P][], place: string): Promise<void>
  /** From now on it is a store like any other. */
  finish(): Promise<void>
}
