import { existsSync, readFileSync } from 'node:fs'
import type { Storage } from '@natter/core/contract'

/** Where something of a person is left: the mark and the table, collection or file, with a bit around it. */
export interface Left {
  readonly mark: string
  readonly where: string
  readonly around: string
}

/** Looks for texts in every column of every table and in every field of every collection, through the database. */
export async function residueIn(storage: Storage, marks: readonly string[]): Promise<readonly Left[]> {
  return [...(await inTables(storage, marks)), ...(await inCollections(storage, marks))]
}

const mysqlTables = 'select table_name from information_schema.tables where table_schema = database()'
const allTables = {
  sqlite: "select name from sqlite_master where type = 'table'",
  postgres: 'select table_name from information_schema.tables where table_schema = current_schema()',
  mysql: mysqlTables,
  mariadb: mysqlTables,
} as const

async function inTables(storage: Storage, marks: readonly string[]): Promise<readonly Left[]> {
  const sql = storage.native('sql')
  if (!sql) return []
  const read = async (query: string) => (await sql.read({ sql: query, bindings: [], rows: true })).rows
  const dialect = sql.dialect as keyof typeof allTables
  const quote = allTables[dialect] === mysqlTables ? '`' : '"'
  const tables = (await read(allTables[dialect])).map(([name]) => String(name))
  if (tables.length < 10) throw new Error(`Only ${tables.length} tables were found.`)
  const found: Left[] = []
  for (const table of tables) {
    const rows = await read(`select * from ${quote}${table}${quote}`)
    found.push(...rows.flatMap((row) => leftIn(row.map(String).join('\n'), table, marks)))
  }
  return found
}

async function inCollections(storage: Storage, marks: readonly string[]): Promise<readonly Left[]> {
  const mongo = storage.native('mongo')
  if (!mongo) return []
  const found: Left[] = []
  const collections = await mongo.db.listCollections({}, { nameOnly: true }).toArray()
  if (collections.length < 4) throw new Error(`Only ${collections.length} collections were found.`)
  for (const { name } of collections) {
    for await (const document of mongo.db.collection(name).find()) {
      found.push(...leftIn(JSON.stringify(document), name, marks))
    }
    // What an index holds that no document does would be found by nobody: it is asked for its keys.
    for (const { key } of await mongo.db.collection(name).indexes()) {
      for (const field of Object.keys(key as object)) {
        for (const value of await mongo.db.collection(name).distinct(field)) {
          found.push(...leftIn(JSON.stringify(value) ?? '', `${name}, index ${field}`, marks))
        }
      }
    }
  }
  return found
}

/** Looks through the bytes of a SQLite database and of what belongs to it. */
export function residueInFiles(file: string, marks: readonly string[]): readonly Left[] {
  return ['', '-wal', '-shm', '-journal'].flatMap((end) =>
    existsSync(file + end) ? leftIn(readFileSync(file + end, 'latin1'), `the file ${end || 'itself'}`, marks) : [],
  )
}

function leftIn(text: string, where: string, marks: readonly string[]): readonly Left[] {
  return marks.flatMap((mark) => {
    const at = text.indexOf(mark)
    return at === -1 ? [] : [{ mark, where, around: text.slice(Math.max(0, at - 60), at + mark.length + 60) }]
  })
}

const parts = ['kv', 'conversation', 'member', 'entry', 'row'] as const

/** The same in any store that can be copied: line by line. */
export async function residueInStore({ bulk }: Storage, marks: readonly string[]): Promise<readonly Left[]> {
  const found: Left[] = []
  for (const part of parts) {
    for (let place: string | undefined; ;) {
      const { lines, next } = await bulk!.read(part, place, 1_000)
      for (const line of lines) {
        const of = 'plugin' in line ? ` ${line.plugin}.${line.model}` : ''
        found.push(...leftIn(JSON.stringify(line), `${part}${of}`, marks))
      }
      if (next === undefined) break
      place = next
    }
  }
  return found
}
