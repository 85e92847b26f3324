/**
 * The code by which auth and offline make tokens, tickets and cursors. They do not export it, and should not: the
 * benchmark alone needs thousands at once.
 */
export async function internals() {
  const load = (path: string): Promise<unknown> => import(new URL(`../../plugins/${path}`, import.meta.url).href)
  const { accessTokens } = (await load(
    'auth/dist/access-tokens.js',
  )) as typeof import('../../plugins/auth/src/access-tokens.js')
  const { tickets } = (await load('auth/dist/tickets.js')) as typeof import('../../plugins/auth/src/tickets.js')
  const { writeCursor } = (await load('offline/dist/cursor.js')) as typeof import('../../plugins/offline/src/cursor.js')
  return { accessTokens, tickets, writeCursor }
}
