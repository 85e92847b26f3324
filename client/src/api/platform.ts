/** A socket as browsers, React Native, Node.js ≥ 22 and `ws` have it. */
export interface SocketLike {
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  send(text: string): void
  close(code?: number, reason?: string): void
}

/** A message between tabs. */
export interface ChannelLike {
  onmessage: ((event: never) => void) | null
  postMessage(message: unknown): void
  close(): void
}

/** The part of the Web Locks API that is used. */
export interface LocksLike {
  request(name: string, options: { signal: AbortSignal }, held: () => Promise<void>): Promise<unknown>
}

/**
 * What the client asks of its surroundings. Each part that is left out is taken from the runtime when the client is
 * created; nothing is touched at import.
 *
 * @example
 * import { WebSocket } from 'ws'   // Node.js 20 has no WebSocket of its own
 * createClient({ url, token, platform: { WebSocket } })
 */
export interface Platform {
  readonly WebSocket: new (url: string, protocols: string[]) => SocketLike
  /** Wall clock, ms. */
  now(): number
  setTimeout(run: () => void, ms: number): unknown
  clearTimeout(timer: unknown): void
  /** Cryptographically strong. On React Native: `react-native-get-random-values`, or your own. */
  randomBytes(length: number): Uint8Array
  /** Between 0 and 1, for spreading reconnects. */
  random(): number
  /** Tells when the device's network or the app's visibility changes. Returns how to stop. */
  watch(listener: (change: 'online' | 'offline' | 'foreground' | 'background') => void): () => void
  /** Lets one tab do the sending. Absent: each client sends what it queued itself. */
  readonly locks?: LocksLike | undefined
  /** Opens a channel to other tabs. Absent: they look into the store every few seconds. */
  readonly channel?: ((name: string) => ChannelLike) | undefined
}
