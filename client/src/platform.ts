import type { LocksLike, Platform } from './api/platform.js'
import { localError } from './errors.js'

const lacks = (what: string) =>
  localError('CLIENT_PLATFORM', `This runtime has no ${what}. Pass one as \`platform: { ${what} }\`.`)

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
    randomBytes(length: number) {
      if (!crypto) throw lacks('randomBytes')
      return crypto.getRandomValues(new Uint8Array(length))
    },
    watch,
    locks: navigator?.locks as LocksLike | undefined,
    channel: BroadcastChannel ? (name: string) => new BroadcastChannel(name) : undefined,
    ...given,
  }
  if (!platform.WebSocket) throw lacks('WebSocket')
  return platform as Platform
}
