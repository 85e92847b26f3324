import Driver from 'libsql'

type Row = Readonly<Record<string, string>>
const visible = "name not like 'sqlite_%'"

/** The tables and indexes of a file, as SQL, in the order in which they were made. */
export function schemaOf(file: string): string[] {
  return reading(file, (all) =>
    all(`select sql from sqlite_master where sql is not null and ${visible} order by rowid`),
  )
}

/** All that is in a file, as SQL that makes it again. */
export function dump(file: string): string {
  return reading(file, (all) => {
    const tables = all(`select name from sqlite_master where type = 'table' and ${visible} order by rowid`)
    const rows = tables.flatMap((table) => {
      const values = all(`select 'quote("' || name || '")' from pragma_table_info('${table}') order by cid`)
      return all(`select 'insert into ${table} values (' || ${values.join(" || ', ' || ")} || ')' from ${table}`)
    })
    return [...schemaOf(file), ...rows].map((line) => `${line};\n`).join('')
  })
}

/** Makes a file of such SQL. */
export function restore(file: string, sql: string): void {
  const driver = new Driver(file)
  driver.exec(`begin; ${sql} commit`)
  driver.close()
}

function reading<T>(file: string, run: (all: (query: string) => string[]) => T): T {
  const driver = new Driver(file)
  try {
    return run((query) => (driver.prepare(query).all() as Row[]).map((row) => Object.values(row)[0]!))
  } finally {
    driver.close()
  }
}
