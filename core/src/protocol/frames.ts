import { z } from 'zod'
import { id, profile, seq, text, time } from '../schema.js'

/*
 * The protocol `natter.1`. A frame is a JSON array in one text message; its first item names the kind. Objects inside are
 * where plugins and later versions extend: unknown fields are ignored by both sides.
 */

/** What a client offers as the WebSocket subprotocol. */
export const subprotocol = 'natter.1'
/** The version that the welcome names. */
export const protocolVersion = 1

const requestId = z.int().min(0).max(2_147_483_647)
const clientId = id
const namePattern = /^[a-z][a-z0-9-]*(\.[a-z][A-Za-z0-9-]*)+$/
const longestName = 64
const name = z.string().regex(namePattern).max(longestName)
/** Whether a value can be the name of a command or an event, like `offline.sync`. */
export const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= longestName && namePattern.test(value)

/** Any JSON object; checked against the body's own schema later. */
export const bodyObject = z.record(z.string(), z.unknown())

/** To a conversation, or to a person: their direct conversation. */
export const address = z.union([id, z.object({ user: id })])

/** An error as it travels. */
export const errorShape = z.object({
  code: z.string(),
  message: z.string(),
  retryable: z.boolean().optional(),
  retryAfterMs: z.int().optional(),
  details: z.unknown().optional(),
  requestId: z.string().optional(),
})

// ---- client to server

/** First frame: who I am. `token` or `ticket`, or neither where the upgrade itself was authenticated. */
export const hello = z.tuple([
  z.literal('hello'),
  z.object({
    token: z.string().max(4_096).optional(),
    ticket: z.string().max(4_096).optional(),
    /** Stable id of this device, where the token does not name one. */
    device: id.optional(),
    /** Name and version of the client, for logs. */
    client: text(64).optional(),
  }),
])
/** Sends a message: request id, address, client id, body. */
export const send = z.tuple([z.literal('s'), requestId, address, clientId, bodyObject])
/** Asks a command: request id, name, input, and the key under which an idempotent one may be repeated. */
export const request = z.tuple([z.literal('q'), requestId, name, z.unknown(), id.optional()])
/** Are you there? Each side may ask; the other answers with the same frame. */
export const ping = z.tuple([z.literal('p')])
/** Yes, I am here. */
export const pong = z.tuple([z.literal('o')])

// ---- server to client

/** The first answer to a hello: who you are, which plugins there are, which limits. */
export const welcome = z.tuple([
  z.literal('welcome'),
  z.object({
    user: id,
    device: id,
    session: id,
    /** This connection. */
    connection: id,
    /** This start of the server. */
    incarnation: z.string(),
    /** Contract major of each plugin. */
    plugins: z.record(z.string(), z.int()),
    limits: z.object({ frameBytes: z.int(), textLength: z.int(), bodyBytes: z.int(), pingMs: z.int() }),
    /** Server time, ms. */
    now: time,
    ticket: z.string().optional(),
    ticketExpiresAt: time.optional(),
  }),
])
/** Committed: request id, seq, time; for a send addressed to a person also the conversation. */
export const ack = z.tuple([z.literal('a'), requestId, seq, time, id.optional()])
/** Relayed and kept nowhere: request id, devices reached, time; for a send to a person also the conversation. */
export const relayed = z.tuple([z.literal('r'), requestId, z.int().min(0), time, id.optional()])
/** The output of a command: request id, output. */
export const answer = z.tuple([z.literal('ok'), requestId, z.unknown()])
/** Why a request was refused: request id, error. */
export const refusal = z.tuple([z.literal('no'), requestId, errorShape])
/** An entry: conversation, seq (0 where nothing is stored), number of messages up to it, sender, time, client id, body. */
export const entry = z.tuple([z.literal('m'), id, seq, seq, z.string().max(64), time, z.string().max(64), bodyObject])
/** A hint: the conversation has entries up to this seq. Pull what is missing. */
export const head = z.tuple([z.literal('h'), id, seq])
/** An event: its name and payload. */
export const pushed = z.tuple([z.literal('e'), name, z.unknown()])
/** A fresh ticket for this device. */
export const ticket = z.tuple([z.literal('t'), z.string(), time])
/** The server restarts: reconnect within a random part of `spreadMs`. */
export const goaway = z.tuple([z.literal('goaway'), z.object({ reason: z.string(), spreadMs: z.int() })])

/** The frames that a client sends, by name. */
export const clientFrames = { hello, send, request, ping, pong } as const
/** The frames that a server sends, by name. */
export const serverFrames = {
  welcome,
  ack,
  relayed,
  answer,
  refusal,
  entry,
  head,
  pushed,
  ticket,
  goaway,
  ping,
  pong,
} as const

/** The frame of `hello`. */
export type Hello = z.infer<typeof hello>
/** The frame of `send`. */
export type SendFrame = z.infer<typeof send>
/** The frame of `request`. */
export type RequestFrame = z.infer<typeof request>
/** The frame of `welcome`. */
export type Welcome = z.infer<typeof welcome>[1]
/** The frame of `entry`. */
export type EntryFrame = z.infer<typeof entry>
/** The frame of `goaway`. */
export type GoAway = z.infer<typeof goaway>[1]
export { profile }
