/** Limits of the protocol, sent in the welcome where a client needs them. Bytes, characters, ms. */
export const defaultLimits = {
  /** Largest frame a client may send, in bytes. */
  frameBytes: 65_536,
  /** Largest frame before authentication, in bytes. */
  helloBytes: 8_192,
  /** Time for the hello, ms. */
  helloMs: 5_000,
  /** Longest text of a message, in UTF-16 units. */
  textLength: 16_384,
  /** Largest body, in bytes of JSON. */
  bodyBytes: 32_768,
  /** Depth of JSON values, keys per frame, items per array. */
  jsonDepth: 16,
  jsonKeys: 256,
  jsonItems: 1_000,
  /** Unfinished or failed authentications per address at a time, and failures per minute. */
  pendingPerAddress: 20,
  failuresPerMinute: 30,
  /** Sockets waiting for a hello, in all. */
  pendingTotal: 2_000,
  /** Connections per user. */
  socketsPerUser: 10,
  /** Messages: a burst, and then this many per second, per user. */
  messageBurst: 60,
  messagesPerSecond: 5,
  /** Frames per connection: a burst, and then this many per second. Twice beyond it the socket is closed (4429). */
  frameBurst: 240,
  framesPerSecond: 40,
  /** Requests of one connection under way at a time. */
  requestsInFlight: 32,
  /** New direct conversations per user and hour. */
  opensPerHour: 60,
  /** Server pings every so often; a peer silent for `deadMs` is closed (4410). */
  pingMs: 25_000,
  deadMs: 60_000,
  /** Bytes waiting to be read by a peer: events are dropped above the first, the socket closed (4413) above the second. */
  softBufferBytes: 524_288,
  hardBufferBytes: 1_048_576,
  /** Timers of the process so late on average: momentary events are not sent, ms. */
  lateMs: 50,
} as const
/** All limits of a server; see `defaultLimits`. */
export type Limits = { readonly [K in keyof typeof defaultLimits]: number }
