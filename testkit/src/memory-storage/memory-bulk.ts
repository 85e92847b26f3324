import { StorageErrors } from '@natter/core/contract'
import type { Bulk, BulkLines, BulkPart } from '@natter/core/contract'
import { bulkModel, compareCells, modelRules } from '@natter/core/storage'
import type { MemoryValues } from './memory-kv.js'
import { keyOf } from './memory-log.js'
import type { LogState } from './memory-log.js'
import { MemoryTable } from './memory-records.js'

/** The copy that this store is the target of, and how far it has come. */
export interface Copying {
  source: string | undefined
  place: string | undefined
}
interface State {
  readonly log: LogState
  /** By `plugin.model`. */
  readonly tables: Map<string, MemoryTable>
  readonly spaces: Map<string, MemoryValues>
  /** When each data step was done, by the JSON of plugin and id. */
  readonly steps: Map<string, number>
  readonly copying: Copying
}
type Lines = { readonly [P in BulkPart]: () => BulkLines[P][] }
type Takes = { readonly [P in BulkPart]: (line: BulkLines[P]) => void }

const along =
  <T>(...columns: ((line: T) => string | number)[]) =>
  (a: T, b: T): number =>
    columns.reduce((order, column) => order || compareCells(column(a), column(b)), 0)

/** A memory store from end to end. */
export function memoryBulk(state: State, open: () => void): Bulk {
  const { log, tables, spaces, steps, copying } = state
  const lines = linesOf(state)
  const takes = takesOf(state)
  return {
    async read(part, after, limit) {
      open()
      const from = Number(after ?? 0)
      const all = lines[part]()
      const next = from + limit < all.length ? String(from + limit) : undefined
      return { lines: all.slice(from, from + limit), next }
    },
    async begin(source) {
      open()
      if (copying.source === source) return copying.place
      const values = [...spaces.values()].some(({ size }) => size > 0)
      const marks = log.mark > 0 || log.incarnations.length > 0
      if (copying.source !== undefined || values || marks || tables.size > 0 || steps.size > 0) {
        throw StorageErrors.NOT_EMPTY()
      }
      copying.source = source
      return undefined
    },
    async write(part, list, place) {
      open()
      for (const line of list) takes[part](line)
      copying.place = place
    },
    async finish() {
      open()
      copying.source = copying.place = undefined
    },
  }
}

function linesOf({ log, tables, spaces, steps }: State): Lines {
  const conversations = () => [...log.conversations.values()].sort(along((each) => each.id))
  const sortedTables = () =>
    [...tables.values()].sort(
      along(
        ({ rules }) => rules.shape.plugin,
        ({ rules }) => rules.shape.name,
      ),
    )
  return {
    model: () =>
      sortedTables().map(({ rules: { shape }, stored }) => ({
        plugin: shape.plugin,
        name: shape.name,
        key: stored.key,
        columns: stored.columns.toSorted(along(({ name }) => name)),
        ...(stored.terms !== undefined && { terms: stored.terms }),
      })),
    step: () =>
      [...steps]
        .map(([text, at]) => {
          const [plugin, id] = JSON.parse(text) as readonly [string, string]
          return { plugin, id, at }
        })
        .sort(
          along(
            ({ plugin }) => plugin,
            ({ id }) => id,
          ),
        ),
    start: () => [...log.incarnations],
    mark: () => [{ mark: log.mark }],
    kv: () =>
      [...spaces]
        .flatMap(([space, values]) =>
          [...values].map(([key, { value, expires }]) => ({
            space,
            key,
            value,
            ...(expires !== undefined && { expires }),
          })),
        )
        .sort(
          along(
            ({ space }) => space,
            ({ key }) => key,
          ),
        ),
    conversation: () =>
      conversations().map(({ id, kind, version, mark, entries }) => {
        const { seq, n, at } = entries.at(-1)!
        return { id, kind, seq, n, at, version, mark }
      }),
    member: () =>
      conversations().flatMap(({ id, members }) =>
        [...members.values()].map((place) => ({ conversation: id, ...place })).sort(along(({ user }) => user)),
      ),
    entry: () => conversations().flatMap(({ id, entries }) => entries.map((entry) => ({ conversation: id, ...entry }))),
    row: () =>
      sortedTables().flatMap((table) => {
        const { plugin, name, key } = table.rules.shape
        return [...table.rows.values()]
          .sort((a, b) => table.compare(key, a, b))
          .map((cells) => ({ plugin, model: name, cells }))
      }),
  }
}

function takesOf({ log, tables, spaces, steps }: State): Takes {
  return {
    model: (line) =>
      void tables.set(`${line.plugin}.${line.name}`, new MemoryTable(modelRules(line.plugin, bulkModel(line)))),
    step: ({ plugin, id, at }) => void steps.set(JSON.stringify([plugin, id]), at),
    start: (start) => void log.incarnations.push(start),
    mark: ({ mark }) => void (log.mark = mark),
    kv({ space, key, value, expires }) {
      const values = spaces.get(space) ?? new Map<string, { value: string; expires: number | undefined }>()
      spaces.set(space, values.set(key, { value, expires }))
    },
    conversation({ id, kind, version, mark }) {
      log.conversations.set(id, { id, kind, version, mark, entries: [], keys: new Map(), members: new Map() })
    },
    member({ conversation: id, ...place }) {
      const conversation = log.conversations.get(id)!
      conversation.members.set(place.user, place)
      log.byUser.set(place.user, (log.byUser.get(place.user) ?? new Set()).add(conversation))
    },
    entry({ conversation: id, ...entry }) {
      const conversation = log.conversations.get(id)!
      conversation.entries.push(entry)
      if (entry.from !== '') conversation.keys.set(keyOf(entry.from, entry.clientId), entry.seq)
    },
    row({ plugin, model, cells }) {
      const table = tables.get(`${plugin}.${model}`)!
      table.rows.set(table.keyOf(cells), cells)
    },
  }
}
