import test from 'ava'
import { authSession } from '@natter/auth/client'
import { password, serve } from './serve.js'

// What only a browser has. This file has a process of its own, so that nothing else sees it.
const kept = new Map<string, string>()
const waiting = new Map<string, Promise<unknown>>()
const locks = {
  asked: [] as string[],
  request<T>(name: string, run: () => Promise<T>): Promise<T> {
    locks.asked.push(name)
    const turn = (waiting.get(name) ?? Promise.resolve()).then(run)
    waiting.set(
      name,
      turn.catch(() => undefined),
    )
    return turn
  },
}
const define = (name: string, value: unknown) =>
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
define('document', {})
define('navigator', { locks })
define('localStorage', {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
})

test('two tabs take turns to refresh, so that neither uses a token that the other replaced', async (t) => {
  const server = await serve(t)
  let cookie = ''
  let side = 0
  let most = 0
  const fetch = async (url: string, init: RequestInit) => {
    most = Math.max(most, ++side)
    const headers = { ...(init.headers as Record<string, string>), origin: server.url, ...(cookie ? { cookie } : {}) }
    const response = await globalThis.fetch(url, { ...init, headers })
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
    side--
    return response
  }
  const options = { url: `${server.url}/chat`, fetch, now: () => server.clock.now() }
  const [one, two] = [authSession(options), authSession(options)]
  await one.register({ handle: 'alice', password })
  t.deepEqual([...kept.keys()], ['natter.device'])
  for (let round = 0; round < 3; round++) {
    await Promise.all([one, two].map((tab) => tab.token({ reason: 'rejected' })))
  }
  t.is(most, 1)
  t.is(new Set(locks.asked).size, 1)
  await server.connect({ token: await two.token() })
})
