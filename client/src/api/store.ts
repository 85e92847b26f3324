/**
 * Where a client keeps what must survive a restart: a small map from text to JSON values. Bring your own on React Native,
 * over SQLite, MMKV or AsyncStorage. One store belongs to one person: give it a name per user.
 */
export interface Store {
  /** Names what is kept, also for locks between tabs. */
  readonly name: string
  /** Other tabs or processes use the same data: the client then agrees with them on who sends. */
  readonly shared: boolean
  /** All pairs whose key begins with `prefix`, in any order. */
  list(prefix: string): Promise<readonly (readonly [key: string, value: unknown])[]>
  get(key: string): Promise<unknown>
  /** Resolves when it is kept. */
  set(key: string, value: unknown): Promise<void>
  remove(key: string): Promise<void>
  /** Removes everything. */
  clear(): Promise<void>
  /** Lets go of files and handles. The store opens again when it is used again. */
  close(): void
}
