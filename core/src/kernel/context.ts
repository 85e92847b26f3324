import type { IncomingMessage } from 'node:http'
import type { ParameterizedContext } from 'koa'
import type { Connection } from '../services/connections.js'

/** Who acts: a person on one device, in one session. */
export interface Principal {
  readonly user: string
  /** Stable per device: several devices of one person are told apart by it. */
  readonly device: string
  readonly session: string
}

/** What a command handler knows beside its input. */
export interface CommandContext {
  /** Absent only for commands declared `public`. */
  readonly user: { readonly id: string }
  readonly device: string
  readonly session: string
  /** The connection it came by; absent for calls of the host. */
  readonly connection: Connection | undefined
  readonly requestId: string
  /** The client's key for a repeated idempotent command. */
  readonly key: string | undefined
}

/** What a route handler knows beside its input. */
export interface RouteContext {
  /** Empty for public routes called without a user. */
  readonly principal: Principal | undefined
  /** The user's id. Throws NATTER_UNAUTHENTICATED for a public route without a user. */
  readonly user: { readonly id: string }
  readonly ctx: ParameterizedContext
  readonly requestId: string
}

/** A connection that asks to be let in. */
export interface ConnectionAttempt {
  readonly request: IncomingMessage
  /** The client's address as the host's Koa sees it (`app.proxy` applies). */
  readonly ip: string
  /** From the first frame. Each is at most 4,096 characters. */
  readonly token: string | undefined
  readonly ticket: string | undefined
  readonly device: string | undefined
  /** The Koa context on which the host's middleware ran, when `attach` was given the app. */
  readonly koa: ParameterizedContext | undefined
  /** Runs the host's middleware on the kept upgrade request once more; nothing when it no longer lets it through. */
  readonly again?: () => Promise<ParameterizedContext | undefined>
}
/** The answer of who authenticates a connection. */
export interface Admission extends Principal {
  /** Lets the same device back in without a signature check, until `ticketExpiresAt` (ms). */
  readonly ticket?: string
  readonly ticketExpiresAt?: number
  /** Asked at half of the ticket's life while connected; what it returns is sent to the client in-band. */
  readonly renewTicket?: () => { readonly ticket: string; readonly ticketExpiresAt: number }
  /** Called again every 30 s while connected; `false` closes the connection. */
  readonly revalidate?: () => Promise<boolean>
}
