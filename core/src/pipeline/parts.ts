import type { Awaitable, Denied } from '../contract/index.js'
import type {
  ConversationMembers,
  MessageContext,
  Opening,
  StoreRequest,
  Stored,
} from '../hooks.js'
import type { LogEntry } from '../contract/index.js'
import type { Clock } from '../services/clock.js'
import type { Users } from '../services/users.js'
import type { BodyChecks } from './body-checks.js'
import type { OpenedPlaces } from './opened-places.js'
import type { RelayMemory } from './relay-memory.js'

type Run<T, R, C = undefined> = (value: T, ctx: C) => Awaitable<R>
/** A hook over drafts or messages: compiled per body type; nothing where no handler wants this type. */
export type RunFor<T, R> = (type: string) => Run<T, R, MessageContext> | undefined

/** A draft as hooks see it: envelope and body in one object. */
export type AnyDraft = { readonly type: string } & Readonly<Record<string, unknown>>

/** What the pipeline works with, resolved once at boot. What nobody handles is absent and costs one test. */
export interface PipelineParts {
  readonly clock: Clock
  readonly users: Users | undefined
  readonly bodies: BodyChecks
  readonly opened: OpenedPlaces
  readonly relayed: RelayMemory
  /** Newest first: the keys of body digests. */
  readonly digestKeys: readonly string[]
  /** Takes one from the user's allowance of new conversations; otherwise the ms to wait. */
  readonly mayOpen: (user: string) => number
  /** Hands a frame to the connected devices of these users; how many it reached. */
  readonly deliver: (
    users: readonly string[],
    frame: string,
    options: { readonly except: string | undefined; readonly hint: string | undefined },
  ) => number

  readonly open: Run<Opening, Denied | undefined | void> | undefined
  readonly members: Run<string, ConversationMembers | null | Denied | undefined> | undefined
  readonly allow: RunFor<AnyDraft, Denied | undefined | void>
  readonly change: RunFor<AnyDraft, AnyDraft | Denied | undefined | void>
  readonly store: Run<StoreRequest, Stored | Denied | undefined> | undefined
  readonly known:
    | Run<
        { readonly conversation: string; readonly from: string; readonly clientId: string },
        { readonly seq: number; readonly n: number; readonly at: number; readonly digest: string } | null | Denied | undefined
      >
    | undefined
  readonly entry:
    | Run<
        { readonly user: string; readonly conversation: string; readonly seq: number },
        LogEntry | null | Denied | undefined
      >
    | undefined
  readonly recipients: RunFor<AnyDraft, readonly string[]>
  readonly stored: RunFor<AnyDraft, void>
}
