import type { LocksLike, Platform } from './api/platform.js'
import { localError } from './errors.js'

function lacks(what: string, advice: string): never {
  throw localError('CLIENT_PLATFORM', `This runtime has no ${what}. ${advice}`)
}

function watch(listener: Parameters<Platform['watch']>[0]): () => void {
  const { document } = globalThis
  const hear = ({ type }: Event) =>
    listener(
      type === 'online' || type === 'offline'
        ? type
        : document.visibilityState === 'visible'
          ? 'foreground'
          : 'background',
    )
  const each = (act: 'addEventListener' | 'removeEventListener') => {
    globalThis[act]?.('online', hear)
    globalThis[act]?.('offline', hear)
    document?.[act]?.('visibilitychange', hear)
  }
  each('addEventListener')
  return () => each('removeEventListener')
}

/** What was given, and the runtime's own for the rest. */
export function platformOf(given: Partial<Platform> = {}): Platform {
  const { WebSocket, BroadcastChannel, navigator, crypto } = globalThis as Partial<typeof globalThis>
  const platform = {
    WebSocket: WebSocket as Platform['WebSocket'] | undefined,
    now: Date.now,
    setTimeout: (run: () => void, ms: number) => setTimeout(run, ms),
    clearTimeout: (timer: unknown) => clearTimeout(timer as number),
    random: Math.random,
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
