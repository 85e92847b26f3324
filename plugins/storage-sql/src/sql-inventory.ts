import type { Inventory } from '@natter/core/storage'
import type { Database } from './database.js'
import { statement } from './statement.js'

/** Which models have rows and which plugins have keys, by one look at an index for each. */
export async function sqlInventory(database: Database): Promise<Inventory> {
  const { knex, tables } = database
  const journal = knex(tables.own('schema')).select('name', 'plugin', 'model').orderBy('name')
  const models: Inventory['models'][number][] = []
  for (const [name, plugin, model] of (await database.read(statement(journal, true))).rows as readonly string[][]) {
    const one = knex(tables.placed(name!)).select(knex.raw('1')).limit(1)
    if ((await database.read(statement(one, true))).rows.length > 0) models.push({ plugin: plugin!, model: model! })
  }
  const keys: string[] = []
  for (let behind = ''; ;) {
    const next = knex(tables.own('kv')).select('space').where('space', '>', behind).orderBy('space').limit(1)
    const space = (await database.read(statement(next, true))).rows[0]?.[0] as string | undefined
    if (space === undefined) return { models, keys }
    const [plugin = space, rest] = space.split('.', 2)
    keys.push(plugin)
    // '/' comes right after '.', so this is behind all spaces of the plugin
    behind = rest === undefined ? space : `${plugin}/`
  }
}
