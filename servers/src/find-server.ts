import { engines } from './engines.js'
import type { DatabaseKind, FoundServer, MissingServer } from './found-server.js'
import { scratchDatabase } from './scratch-database.js'
import { startServer } from './start-server.js'

/**
 * A server for tests: the one whose address is in `TEST_POSTGRES_URL`, `TEST_MARIADB_URL` or `TEST_MONGO_URL`, else a
 * new one of the programs on this machine. It installs nothing. An address `missing:…` says that there is to be none,
 * and why.
 *
 * @example
 * const server = await findServer('postgres')
 * if ('missing' in server) test.skip(`MISSING: ${server.missing}`, (t) => t.fail())
 */
export async function findServer(
  kind: DatabaseKind,
  env: NodeJS.ProcessEnv = process.env,
): Promise<FoundServer | MissingServer> {
  const engine = engines[kind]
  const { title, variable } = engine
  const url = env[variable]
  if (url?.startsWith('missing:')) return { kind, missing: decodeURIComponent(url.slice('missing:'.length)) }
  if (url) {
    try {
      const { version } = await engine.hello(url)
      const scratch = () => scratchDatabase(engine, url)
      return { kind, version, url, from: 'address', scratch, stop: () => Promise.resolve() }
    } catch (error) {
      return { kind, missing: `${title}: the server at ${variable} does not answer (${textOf(error)})` }
    }
  }
  if (!engine.find(env)) {
    return { kind, missing: `${title}. Set ${variable}, or install it: node servers/dist/install.js ${kind}` }
  }
  try {
    return await startServer(kind, { env })
  } catch (error) {
    return { kind, missing: textOf(error) }
  }
}

function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error)
  return text.replaceAll(/\s+/g, ' ')
}
