import { randomBytes } from 'node:crypto'
import type { Engine } from './engine.js'
import type { ScratchDatabase } from './found-server.js'

/** A new and empty database under a name that no other test uses. */
export async function scratchDatabase(engine: Engine, url: string): Promise<ScratchDatabase> {
  const name = `natter_test_${randomBytes(8).toString('hex')}`
  return { url: await engine.create(url, name), drop: () => engine.drop(url, name) }
}
