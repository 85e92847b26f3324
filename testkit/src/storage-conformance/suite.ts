import type { Append, DataStep, OwnedModel, Storage } from '@natter/core/contract'
import type { Clock } from '@natter/core'
import { FakeClock } from '../fake-clock.js'
import { OtherProcess } from './elsewhere/other-process.js'

/** What a backend is opened with. */
export interface StoreSetting {
  readonly models: readonly OwnedModel[]
  readonly steps?: readonly { readonly plugin: string; readonly step: DataStep }[]
  readonly clock: Clock
}
/** A store that is open, and how to close it. */
export interface OpenStore {
  readonly storage: Storage
  close(): Promise<void>
}
/** What a backend may offer beside `open`, as the suite names it where it is not claimed. */
export const capabilities = {
  reopen: 'a restart',
  beside: 'two stores on one database',
  elsewhere: 'two processes on one database',
  refuse: 'entries that the database itself refuses',
  copy: 'a restored copy',
  older: 'stores of earlier releases',
  bulk: 'copying from and into another store',
  terms: 'full-text indexes',
} as const
type Capability = keyof typeof capabilities

/**
 * A backend under test. What it cannot do is left out here and named in `without`: then the run shows a skipped test
 * that says so.
 */
export interface StorageBackend<Opened extends OpenStore = OpenStore> {
  readonly name: string
  /** A new and empty store, prepared for the models and with the steps done. */
  open(setting: StoreSetting): Promise<Opened>
  /** The data of a store that was closed, prepared again. */
  reopen?(closed: Opened, setting: StoreSetting): Promise<Opened>
  /** A second store on the data of one that is open, as another process would have it. */
  beside?(opened: Opened, setting: StoreSetting): Promise<Opened>
  /** Copies the data of a store that was closed, and gives a way to open a store on the copy. */
  copy?(closed: Opened): Promise<(setting: StoreSetting) => Promise<Opened>>
  /** How another process opens the store: the suite starts processes that import this module. */
  readonly elsewhere?: {
    /** Exports `openElsewhere(place, setting)`, of the type `OpenElsewhere`. */
    readonly module: URL
    /** Where the store is, as plain data. */
    place(opened: Opened): unknown
  }
  /** From now on the database refuses every entry with this text in its body, by a trigger or a rule of its own. */
  refuse?(opened: Opened, text: string): Promise<void>
  /** Stores that earlier releases of the backend made and `furnish` filled, each kept as a file beside the test. */
  readonly older?: readonly OlderStore<Opened>[]
  /** A store that offers `bulk` and is not prepared: a new and empty one, or one on the data of a store that was closed. */
  bulk?(closed?: Opened): Promise<Opened>
  /** What this backend does not claim. */
  readonly without?: readonly Capability[]
}
/** What the module of `elsewhere` exports as `openElsewhere`. */
export type OpenElsewhere = (place: never, setting: StoreSetting) => Promise<OpenStore>
/** A store that an earlier release left behind. */
export interface OlderStore<Opened extends OpenStore = OpenStore> {
  /** The release that made it. */
  readonly release: string
  /** A copy of it, opened by this release. */
  readonly open: (setting: StoreSetting) => Promise<Opened>
}

/** What the suite uses of a test runner's `t`; ava's fits. */
export interface SuiteContext {
  is(actual: unknown, expected: unknown, message?: string): unknown
  deepEqual(actual: unknown, expected: unknown, message?: string): unknown
  true(actual: unknown, message?: string): unknown
  throwsAsync(promise: Promise<unknown>, expected: { readonly code: string; readonly message?: RegExp }): unknown
  teardown(run: () => Promise<void>): void
}
type Register = (title: string, run: (t: SuiteContext) => Promise<void>) => void
/** Registers a test, and one that is not run; `test.serial` of AVA fits. */
export interface SuiteTest extends Register {
  readonly skip: Register
}

/** A way in which two stores are on the same data. */
export interface Side {
  /** For titles: `two processes: `. */
  readonly of: string
  open(t: SuiteContext, models: readonly OwnedModel[]): Promise<readonly [Storage, Storage]>
}
/** A suite's way to its backend. */
export interface Suite {
  readonly backend: StorageBackend
  test(title: string, run: (t: SuiteContext) => Promise<void>): void
  /** A new store, closed after the test. */
  open(t: SuiteContext, setting?: Partial<StoreSetting>): Promise<Storage>
  /** Closes what was opened at the end of the test, if the test did not. */
  keep(t: SuiteContext, opened: OpenStore): OpenStore
  /** The process beside the tests, where the backend can be opened from one. */
  readonly other: OtherProcess
  /** Every way in which two stores can be on the same data. */
  readonly pairs: readonly Side[]
}

export function makeSuite(test: SuiteTest, backend: StorageBackend): Suite {
  const keep = (t: SuiteContext, opened: OpenStore): OpenStore => {
    let closed: Promise<void> | undefined
    const closeIt = opened.close.bind(opened)
    const close = () => (closed ??= closeIt())
    t.teardown(close)
    return Object.assign(opened, { close })
  }
  const other = new OtherProcess()
  const { beside, elsewhere } = backend
  const pair =
    (second: (first: OpenStore, setting: StoreSetting & { readonly clock: FakeClock }) => Promise<OpenStore>) =>
    async (t: SuiteContext, models: readonly OwnedModel[]) => {
      const setting = { models, clock: new FakeClock() }
      const one = keep(t, await backend.open(setting))
      const two = keep(t, await second(one, setting))
      return [one.storage, two.storage] as const
    }
  const pairs: Side[] = []
  if (beside) pairs.push({ of: 'two stores: ', open: pair((one, setting) => beside(one, setting)) })
  if (elsewhere) {
    const opened = pair((one, { models, clock }) =>
      other.open(elsewhere.module, elsewhere.place(one), { models, now: clock.now() }),
    )
    pairs.push({ of: 'two processes: ', open: opened })
  }
  return {
    backend,
    keep,
    other,
    pairs,
    test: (title, run) => test(`${backend.name}: ${title}`, run),
    async open(t, setting = {}) {
      const opened = await backend.open({ models: [], clock: new FakeClock(), ...setting })
      return keep(t, opened).storage
    },
  }
}

/** A message by `from` in `conversation`, with what a test does not care about filled in. */
export function message(conversation: string, from: string, clientId: string, more: Partial<Append> = {}): Append {
  return {
    conversation,
    from,
    clientId,
    at: 1_000,
    body: `{"text":"${clientId}"}`,
    digest: `digest of ${clientId}`,
    counts: true,
    ...more,
  }
}
export const direct = (...members: string[]): NonNullable<Append['open']> => ({ kind: 'direct', members })
export const group = (...members: string[]): NonNullable<Append['open']> => ({ kind: 'group', members })

type Row = Readonly<Record<string, unknown>>
/** The verbs as users of plain JavaScript have them: with anything for an argument. */
export interface UntypedRecords {
  get(...args: readonly unknown[]): Promise<Row | undefined>
  insert(...args: readonly unknown[]): Promise<string>
  upsert(...args: readonly unknown[]): Promise<void>
  updateIf(...args: readonly unknown[]): Promise<Row | undefined>
  page(...args: readonly unknown[]): Promise<{ readonly rows: readonly Row[] }>
  remove(...args: readonly unknown[]): Promise<number>
}
export const untyped = (records: object): UntypedRecords => records as UntypedRecords

export const range = (from: number, to: number) => ({ from, to, limit: 500, bytes: 1_000_000 })
export const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i)
/** One turn of the event loop, for loops over stores that answer within one. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
