import type { Inventory } from '@natter/core/storage'
import type { Collections } from './collections.js'
import type { KvDocument } from './mongo-kv.js'
import type { SchemaDocument } from './mongo-schema.js'

/** Which models have rows and which plugins have keys, by one look at an index for each. */
export async function mongoInventory(collections: Collections): Promise<Inventory> {
  const models: Inventory['models'][number][] = []
  for (const { _id, plugin, model } of await collections.of<SchemaDocument>('schema').find().toArray()) {
    const one = await collections.named(_id).findOne({}, { projection: { _id: 1 } })
    if (one !== null) models.push({ plugin, model })
  }
  const values = collections.of<KvDocument>('kv')
  const keys: string[] = []
  for (let behind = ''; ;) {
    const next = await values.findOne({ _id: { $gt: { s: behind, k: '' } } }, { sort: { _id: 1 } })
    if (next === null) return { models, keys }
    const [plugin = '', rest] = next._id.s.split('.', 2)
    keys.push(plugin)
    // '/' comes right after '.', so this is behind all spaces of the plugin; NUL is in no name
    behind = rest === undefined ? `${plugin}\u0001` : `${plugin}/`
  }
}
