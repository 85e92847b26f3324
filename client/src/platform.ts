import type { LocksLike, Platform } from './api/platform.js'
import { localError } from './errors.js'

function lacks(what: string, advice: string): never {
  throw localError('CLIENT_PLATFORM', `This runtime has no ${what}. ${advice}`)
}

function watch(listener: Parameters<Platform['watch']>[0]): () => void {
  const { document } = globalThis
  const network = (event: Event) => listener(event.type as 'online' | 'offline')
  const visibility = () => listener(document.visibilityState === 'visible' ? 'foreground' : 'background')
  if (typeof globalThis.addEventListener === 'function') {
    globalThis.addEventListener('online', network)
    globalThis.addEventListener('offline', network)
  }
  document?.addEventListener?.('visibilitychange', visibility)
  return () => {
    globalThis.removeEventListener?.('online', network)
    globalThis.removeEventListener?.('offline', network)
    document?.removeEventListener?.('visibilitychange', visibility)
  }
}

/** What was given, and the runtime's own for the rest. */
export function platformOf(given: Partial<Platform> = {}): Platform {
  const { WebSocket, BroadcastChannel, navigator, crypto } = globalThis as Partial<typeof globalThis>
  const platform = {
    WebSocket: WebSocket as Platform['WebSocket'] | undefined,
    now: () => Date.now(),
    setTimeout: (run: () => void, ms: number) => setTimeout(run, ms),
    clearTimeout: (timer: unknown) => clearTimeout(timer as number),
    random: () => Math.random(),
    randomBytes: (length: number) =>
      crypto?.getRandomValues
        ? crypto.getRandomValues(new Uint8Array(length))
        : lacks('crypto.getRandomValues', 'Pass platform: { randomBytes }.'),
    watch,
    locks: navigator?.locks as LocksLike | undefined,
    channel: BroadcastChannel ? (name: string) => new BroadcastChannel(name) : undefined,
    ...given,
  }
  if (!platform.WebSocket) lacks('WebSocket', "Pass one: import { WebSocket } from 'ws', then platform: { WebSocket }.")
  return platform as Platform
}
