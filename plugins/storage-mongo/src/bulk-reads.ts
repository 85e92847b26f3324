import type { BulkLines, BulkPart } from '@natter/core/contract'
import { bulkModel, modelRules } from '@natter/core/storage'
import type { Document } from 'mongodb'
import type { Collections } from './collections.js'
import { blockEntries, changesPlace, intentsPlace, latestMark } from './log/documents.js'
import type { Block, ConversationDocument, IncarnationDocument, MemberDocument } from './log/documents.js'
import { LogCollections } from './log/log-collections.js'
import { entryLine } from './log/entry-of.js'
import type { KvDocument } from './mongo-kv.js'
import type { RowDocument } from './mongo-records.js'
import type { SchemaDocument } from './mongo-schema.js'
import type { StepDocument } from './mongo-store.js'
import { rowPlaces } from './row-places.js'

/** Where a line is, as values that go through JSON. */
type Place = readonly (string | number)[]
type Found<P extends BulkPart> = readonly (readonly [BulkLines[P], Place])[]
type Reads = { readonly [P in BulkPart]: (after: Place | undefined, limit: number) => Promise<Found<P>> }

const behind = (id: unknown): Document => (id === undefined ? {} : { _id: { $gt: id } })

/** The lines of a store, in their order. */
export function bulkReads(collections: Collections): Reads {
  const log = new LogCollections(collections)
  const schema = collections.of<SchemaDocument>('schema')

  return {
    async model(after, limit) {
      const found = await schema.find().sort({ plugin: 1, model: 1 }).toArray()
      const lines = found.map(({ plugin, model: name, shape: { key, columns, terms } }) => ({
        plugin,
        name,
        key,
        columns: columns.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
        ...(terms !== undefined && { terms }),
      }))
      const rest = lines.filter(
        ({ plugin, name }) => !after || plugin > after[0]! || (plugin === after[0] && name > after[1]!),
      )
      return rest.slice(0, limit).map((line) => [line, [line.plugin, line.name]])
    },
    async step(after, limit) {
      const steps = collections.of<StepDocument>('steps')
      const found = await steps
        .find(behind(after && { plugin: after[0], id: after[1] }))
        .sort({ _id: 1 })
        .limit(limit)
        .toArray()
      return found.map(({ _id: { plugin, id }, at }) => [{ plugin, id, at }, [plugin, id]])
    },
    async start(after, limit) {
      const starts = collections.of<IncarnationDocument>('incarnations')
      const found = await starts.find(behind(after?.[0])).sort({ _id: 1 }).limit(limit).toArray()
      return found.map(({ _id, i, m }) => [{ incarnation: i, mark: m }, [_id]])
    },
    async mark() {
      const [newest] = await log.changes
        .find({ _id: { $gt: { c: changesPlace }, $lt: { c: `${changesPlace}!` } } } as Document)
        .sort({ _id: -1 })
        .limit(1)
        .toArray()
      const mark = newest ? latestMark(newest) : 0
      return [[{ mark }, []]]
    },
    async kv(after, limit) {
      const values = collections.of<KvDocument>('kv')
      const found = await values
        .find(behind(after && { s: after[0], k: after[1] }))
        .sort({ _id: 1 })
        .limit(limit)
        .toArray()
      return found.map(({ _id: { s, k }, v, e }) => [
        { space: s, key: k, value: v, ...(e !== undefined && { expires: e }) },
        [s, k],
      ])
    },
    async conversation(after, limit) {
      const conversations = collections.of<ConversationDocument>('conversations')
      const found = await conversations.find(behind(after?.[0])).sort({ _id: 1 }).limit(limit).toArray()
      return found.map(({ _id, kind, s, n, at, v, m }) => [
        { id: _id, kind, seq: s, n, at, version: v, mark: m },
        [_id],
      ])
    },
    async member(after, limit) {
      const members = collections.of<MemberDocument>('members')
      const found = await members
        .find(behind(after && { c: after[0], u: after[1] }))
        .sort({ _id: 1 })
        .limit(limit)
        .toArray()
      return found.map(({ _id: { c, u }, floor, l, r, d, m }) => [
        { conversation: c, user: u, floor, left: l, read: r, received: d, mark: m },
        [c, u],
      ])
    },
    async entry(after, limit) {
      const [c, seq] = (after ?? ['', 0]) as readonly [string, number]
      const rest = after
        ? { _id: { $gt: { c, f: seq - blockEntries } }, $or: [{ '_id.c': { $ne: c } }, { t: { $gt: seq } }] }
        : {}
      const noOther = { '_id.c': { $nin: [changesPlace, intentsPlace] } }
      const blocks = log.blocks.find({ $and: [rest, noOther] } as Document).sort({ _id: 1 })
      const found: (readonly [BulkLines['entry'], Place])[] = []
      for await (const block of blocks) {
        for (const place of (block as Block).k.keys()) {
          const line = entryLine(block as Block, place)
          if (line.conversation === c && line.seq <= seq) continue
          if (found.length === limit) return found
          found.push([line, [line.conversation, line.seq]])
        }
      }
      return found
    },
    async row(after, limit) {
      const found: (readonly [BulkLines['row'], Place])[] = []
      const [atPlugin, atModel, ...last] = after ?? []
      for (const { plugin, model, shape: stored } of await schema.find().sort({ plugin: 1, model: 1 }).toArray()) {
        if (after && (plugin < atPlugin! || (plugin === atPlugin && model < atModel!))) continue
        const { shape } = modelRules(plugin, bulkModel({ plugin, name: model, ...stored }))
        const places = rowPlaces(shape)
        const here = after && plugin === atPlugin && model === atModel
        const id = here ? places.id(Object.fromEntries(shape.key.map((name, i) => [name, last[i]!]))) : undefined
        const rows = collections.named<RowDocument>(collections.modelName(plugin, model))
        const page = await rows
          .find(behind(id))
          .sort({ _id: 1 })
          .limit(limit - found.length)
          .toArray()
        for (const row of page) {
          const cells = places.cells(row)
          found.push([{ plugin, model, cells }, [plugin, model, ...shape.key.map((name) => cells[name]!)]])
        }
        if (found.length === limit) break
      }
      return found
    },
  }
}
