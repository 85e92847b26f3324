import type { BulkLines, BulkPart } from '@natter/core/contract'
import { bulkModel, modelRules } from '@natter/core/storage'
import type { AnyBulkWriteOperation, Document } from 'mongodb'
import type { AnsweringCollection } from './answering-collection.js'
import type { Collections } from './collections.js'
import { blockBytes, blockEntries, changesPlace, keyOf, marksPerRecord } from './log/documents.js'
import type { Block, ConversationDocument, IncarnationDocument, MemberDocument } from './log/documents.js'
import { around } from './log/entry-finder.js'
import { LogCollections } from './log/log-collections.js'
import type { RowDocument } from './mongo-records.js'
import { widenModel } from './mongo-schema.js'
import type { SchemaDocument } from './mongo-schema.js'
import { rowPlaces } from './row-places.js'

type Writes = { readonly [P in BulkPart]: (lines: readonly BulkLines[P][]) => Promise<void> }
type Any = Document & { readonly _id: unknown }

/** Members that are finished at once. */
const together = 200

/** Each document whole, new or not: a repeat changes nothing. */
async function put(collection: AnsweringCollection<never>, documents: readonly Any[]): Promise<void> {
  if (documents.length === 0) return
  const writes = documents.map(({ _id, ...fields }) => ({
    replaceOne: { filter: { _id: { $eq: _id } }, replacement: fields, upsert: true },
  }))
  await (collection as unknown as AnsweringCollection<Any>).bulkWrite(writes as AnyBulkWriteOperation<Any>[], {
    ordered: false,
  })
}

/** Takes the lines of another store. */
export function bulkWrites(collections: Collections): Writes {
  const log = new LogCollections(collections)
  const own = (name: string) => collections.of(name) as unknown as AnsweringCollection<never>
  return {
    async model(lines) {
      for (const line of lines) await widenModel(collections, modelRules(line.plugin, bulkModel(line)).shape)
    },
    step: (lines) =>
      put(
        own('steps'),
        lines.map(({ plugin, id, at }) => ({ _id: { plugin, id }, at })),
      ),
    async start(lines) {
      const starts = collections.of<IncarnationDocument>('incarnations')
      for (const { incarnation: i, mark: m } of lines) {
        if ((await starts.findOne({ i: { $eq: i } })) !== null) continue
        const [last] = await starts.find().sort({ _id: -1 }).limit(1).toArray()
        await starts.insertOne({ _id: (last?._id ?? 0) + 1, i, m })
      }
    },
    async mark([line]) {
      const m = line!.mark
      if (m === 0) return
      // the next record's marks are above it
      const f = Math.floor(m / marksPerRecord) + 1
      await put(own('log'), [{ _id: { c: changesPlace, f }, k: [String(f)], e: [], b: 'copy', m }])
    },
    kv: (lines) =>
      put(
        own('kv'),
        lines.map(({ space: s, key: k, value: v, expires: e }) => ({
          _id: { s, k },
          v,
          ...(e !== undefined && { e }),
        })),
      ),
    conversation: (lines) =>
      put(
        own('conversations'),
        lines.map(({ id, kind, seq: s, n, at, version: v, mark: m }) => ({ _id: id, kind, f: 0, s, n, at, v, m })),
      ),
    member: (lines) =>
      put(
        own('members'),
        lines.map(({ conversation: c, user: u, floor, left: l, read: r, received: d, mark: m }) => {
          return { _id: { c, u }, since: 0, floor, nf: 0, nr: 0, l, r, d, m }
        }),
      ),
    async entry(lines) {
      const ids = [...new Set(lines.map(({ conversation }) => conversation))]
      const found = await log.conversations.find({ _id: { $in: ids } }).toArray()
      const conversations = new Map(found.map((each) => [each._id, each]))
      await put(own('log'), blocksOf(lines, conversations))
    },
    async row(lines) {
      const models = new Map<string, BulkLines['row'][]>()
      for (const line of lines) {
        const name = collections.modelName(line.plugin, line.model)
        models.set(name, [...(models.get(name) ?? []), line])
      }
      for (const [name, rows] of models) {
        const stored = await collections.of<SchemaDocument>('schema').findOne({ _id: name })
        const { plugin, model } = rows[0]!
        const { shape } = modelRules(plugin, bulkModel({ plugin, name: model, ...stored!.shape }))
        const places = rowPlaces(shape)
        const collection = collections.named<RowDocument>(name) as unknown as AnsweringCollection<never>
        await put(
          collection,
          rows.map(({ cells }) => places.document(cells) as Any),
        )
      }
    },
  }
}

/** Entries that follow each other in a conversation are a block; a page of lines begins a new one. */
function blocksOf(
  lines: readonly BulkLines['entry'][],
  conversations: ReadonlyMap<string, ConversationDocument>,
): readonly Block[] {
  const blocks: Block[] = []
  let list: BulkLines['entry'][] = []
  let bytes = 0
  const close = () => {
    const [first] = list
    if (!first) return
    const { kind, v } = conversations.get(first.conversation)!
    const changed = list.flatMap(({ changedBy }, i) => (changedBy > 0 ? [[i, changedBy] as const] : []))
    blocks.push({
      _id: { c: first.conversation, f: first.seq },
      t: first.seq + list.length - 1,
      k: list.map(({ from, clientId, seq }) => (from === '' ? `\0${seq}\0${clientId}` : keyOf(from, clientId))),
      n: list.map(({ n }) => n),
      at: list.map(({ at }) => at),
      p: list.map(({ body }) => body),
      d: list.map(({ digest }) => digest),
      ...(changed.length > 0 && { w: Object.fromEntries(changed) }),
      kind,
      v,
      b: 'copy',
    })
    list = []
    bytes = 0
  }
  for (const line of lines) {
    const size = Buffer.byteLength(line.body)
    if (list[0]?.conversation !== line.conversation || list.length === blockEntries || bytes + size > blockBytes)
      close()
    bytes += size
    list.push(line)
  }
  close()
  return blocks
}

/** Works out what members and conversations keep of entries, now that all of these are there. */
export async function finishMembers(collections: Collections): Promise<void> {
  const log = new LogCollections(collections)
  for await (const { _id, s } of log.conversations.find({}, { projection: { s: 1 } })) {
    const block = await log.blocks.findOne(around(_id, s), { projection: { _id: 1 } })
    if (block) await log.conversations.updateOne({ _id: { $eq: _id } }, { $set: { f: block._id.f } })
  }
  const entryAt = async (conversation: string, seq: number) => {
    if (seq === 0) return { n: 0, at: 0 }
    const block = (await log.blocks.findOne(around(conversation, seq), { projection: { n: 1, at: 1 } }))!
    return { n: block.n[seq - block._id.f]!, at: block.at[seq - block._id.f]! }
  }
  const finish = async ({ _id, floor, r, l }: MemberDocument) => {
    const [{ n: nf }, { n: nr }, left] = (await Promise.all([floor, r, l].map((seq) => entryAt(_id.c, seq)))) as [
      { n: number },
      { n: number },
      { n: number; at: number },
    ]
    await log.members.updateOne({ _id: { $eq: _id } }, { $set: { nf, nr, ...(l > 0 && { ln: left.n, lat: left.at }) } })
  }
  let some: MemberDocument[] = []
  for await (const member of log.members.find()) {
    some.push(member)
    if (some.length < together) continue
    await Promise.all(some.map(finish))
    some = []
  }
  await Promise.all(some.map(finish))
}
