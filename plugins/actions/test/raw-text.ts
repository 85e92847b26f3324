import { definePlugin } from '@natter/core'
import { Storage } from '@natter/core/contract'
import { answer, edition, pending, pinRow } from '@natter/actions/contract'

/** Of the databases themselves, what is read here. */
interface SqlNative {
  readonly dialect: string
  read(query: { readonly sql: string; readonly bindings: readonly []; readonly rows: true }): Promise<{
    readonly rows: readonly (readonly unknown[])[]
  }>
}
interface MongoNative {
  readonly db: {
    listCollections(): { toArray(): Promise<readonly { readonly name: string }[]> }
    collection(name: string): { find(): { toArray(): Promise<readonly object[]> } }
  }
}

const mysqlTables = 'select table_name as name from information_schema.tables where table_schema = database()'
const tableNames: Readonly<Record<string, string>> = {
  sqlite: "select name from sqlite_master where type = 'table'",
  postgres: 'select table_name as name from information_schema.tables where table_schema = current_schema()',
  mysql: mysqlTables,
  mariadb: mysqlTables,
}

const asText = (_key: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return String(value)
  const bytes = (value as { readonly type?: string; readonly data?: readonly number[] } | null)?.data
  return Array.isArray(bytes) ? Buffer.from(bytes).toString('utf8') : value
}
const textOf = (rows: readonly object[]) => JSON.stringify(rows, asText)

/** Everything in all tables and collections of a store, as text; of one in memory what it has of these conversations. */
async function rawText(
  storage: Storage,
  conversations: readonly string[],
): Promise<{ readonly text: string; readonly places: number }> {
  const [sql, mongo] = ['sql', 'mongo'].map((kind) => storage.native(kind as never)) as [
    SqlNative | undefined,
    MongoNative | undefined,
  ]
  const texts: string[] = []
  if (sql) {
    const query = (text: string) => sql.read({ sql: text, bindings: [], rows: true })
    const quote = sql.dialect.startsWith('m') ? '`' : '"'
    const names = (await query(tableNames[sql.dialect]!)).rows
    for (const [name] of names) texts.push(textOf((await query(`select * from ${quote}${String(name)}${quote}`)).rows))
  }
  if (mongo) {
    for (const { name } of await mongo.db.listCollections().toArray()) {
      texts.push(textOf(await mongo.db.collection(name).find().toArray()))
    }
  }
  if (!sql && !mongo) {
    for (const conversation of conversations) {
      const whole = { from: 1, to: Number.MAX_SAFE_INTEGER, limit: 500, bytes: 1_000_000 }
      texts.push(textOf(await storage.log.range(conversation, whole)))
      for (const model of [pending, edition, pinRow, answer]) {
        texts.push(textOf((await storage.records('actions', model as typeof pending).page({ conversation })).rows))
      }
    }
  }
  return { text: texts.join('\n'), places: texts.length }
}

/** A plugin by which a test looks at what the store really holds. */
export function rawStore() {
  let storage: Storage | undefined
  const plugin = definePlugin({
    name: 'raw-store',
    needs: { storage: Storage },
    setup: (_api, needs) => ({ init: () => void (storage = needs.storage) }),
  })
  return {
    plugin: plugin(),
    /** Everything that is stored; in memory, of these conversations. */
    text: async (...conversations: readonly string[]) => rawText(storage!, conversations),
  }
}
