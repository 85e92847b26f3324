import { chown, mkdtemp, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine } from './engine.js'
import { engines } from './engines.js'
import type { DatabaseKind, OwnServer } from './found-server.js'
import { Keeper } from './keeper.js'
import { nobody } from './nobody.js'
import type { StartOptions } from './start-options.js'
import { StartedServer } from './started-server.js'

/**
 * Starts a database server of one's own. It ends with `stop()`, and also when this process ends in any way.
 *
 * @throws Error when its programs are not on this machine, or when it does not start; with the last of its log.
 *
 * @example
 * const server = await startServer('postgres', { settings: { synchronous_commit: 'off' } })
 * await server.kill('SIGKILL')
 * await server.restart()
 * await server.stop()
 */
export function startServer(kind: DatabaseKind, options: StartOptions = {}): Promise<OwnServer> {
  return startEngine(kind, engines[kind], options)
}

/** The same with an engine that differs in something. */
export async function startEngine(kind: DatabaseKind, engine: Engine, options: StartOptions): Promise<OwnServer> {
  const programs = engine.find(options.env ?? process.env)
  if (!programs)
    throw new Error(`${engine.title} is not on this machine. Install it: node servers/dist/install.js ${kind}`)
  const temporary = options.folder === undefined
  const folder = await realpath(options.folder ?? (await mkdtemp(join(tmpdir(), `natter-${kind}-`))))
  const user = engine.refusesRoot ? await nobody() : undefined
  if (user && temporary) await chown(folder, user.uid, user.gid)
  const keeper = new Keeper({
    log: join(folder, 'log'),
    ...(temporary && { removes: folder }),
    ...(user && { user }),
    stopSignal: engine.stopSignal,
    patienceMs: 15_000,
  })
  const server = new StartedServer(kind, engine, programs, keeper, folder)
  try {
    await server.begin(options, user)
  } catch (error) {
    await server.stop()
    throw error
  }
  return server
}
