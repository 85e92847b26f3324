import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where what was installed for tests stays from one run to the next, outside of the checkout. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'natter')
}
