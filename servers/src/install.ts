/**
 * Installs the database servers that tests need and that are neither on this machine nor given by address.
 *
 *     node servers/dist/install.js [postgres] [mariadb] [mongo]
 *
 * Without names, all of them. It ends with 1 if one could not be had.
 */
import { engines } from './engines.js'
import type { DatabaseKind } from './found-server.js'
import { installByApt } from './install/apt.js'
import { installMongod } from './install/mongod.js'

const ways: Readonly<Record<DatabaseKind, (env: NodeJS.ProcessEnv) => Promise<void>>> = {
  postgres: (env) => installByApt(['postgresql'], env),
  // Not the package mariadb-server: it adds a service, and a data folder that nobody uses.
  mariadb: (env) => installByApt(['mariadb-server-core', 'mariadb-client-core'], env),
  mongo: installMongod,
}
const kinds = Object.keys(ways) as DatabaseKind[]
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !kinds.some((kind) => kind === name))
if (unknown.length > 0) {
  console.error(`There is no server "${unknown.join(', ')}"; there are ${kinds.join(', ')}.`)
  process.exit(1)
}
// One after the other: apt-get takes turns with itself only by failing.
for (const kind of kinds) if (wanted.length === 0 || wanted.includes(kind)) await install(kind)

async function install(kind: DatabaseKind): Promise<void> {
  const { title, variable, find } = engines[kind]
  if (process.env[variable]) return console.log(`${title}: its address is in ${variable}`)
  if (find(process.env)) return console.log(`${title}: on this machine already`)
  const start = performance.now()
  const seconds = () => Math.round((performance.now() - start) / 1000)
  console.log(`${title}: installing …`)
  const progress = setInterval(() => console.log(`${title}: still installing (${seconds()} s) …`), 10_000)
  try {
    await ways[kind](process.env)
    if (!find(process.env)) throw new Error('it was installed, and is not where it was looked for')
    console.log(`${title}: installed in ${seconds()} s`)
  } catch (error) {
    console.error(`${title}: not installed: ${textOf(error)}`)
    process.exitCode = 1
  } finally {
    clearInterval(progress)
  }
}

function textOf(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string }
  return stderr?.trim() || message
}
