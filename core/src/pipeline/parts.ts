import type { Awaitable, Denied, LogEntry } from '../contract/index.js'
import type { ConversationMembers, MessageContext, Opening, StoreRequest, Stored } from '../hooks.js'
import type { Clock } from '../services/clock.js'
import type { BodyChecks } from './body-checks.js'
import type { DirectIds } from './direct-ids.js'
import type { OpenedPlaces } from './opened-places.js'
import type { People } from './people.js'
import type { RelayMemory } from './relay-memory.js'

type Run<T, R, C = undefined> = (value: T, ctx: C) => Awaitable<R>
/** A draft as hooks see it: envelope and body in one object. */
export type AnyDraft = { readonly type: string } & Readonly<Record<string, unknown>>

/** What the pipeline works with, resolved once at boot. What nobody handles is absent and costs one test. */
export interface PipelineParts {
  readonly clock: Clock
  /** Whether there is such a person; absent where nobody knows. */
  readonly exists: ((user: string) => Awaitable<boolean>) | undefined
  readonly bodies: BodyChecks
  readonly opened: OpenedPlaces
  readonly directIds: DirectIds
  readonly relayed: RelayMemory
  /** Newest first: the keys of body digests. */
  readonly digestKeys: readonly string[]
  /** Takes one from the user's allowance of new conversations; otherwise the ms to wait. */
  readonly mayOpen: (user: string) => number
  /** Hands a frame to the connected devices of these users; how many it reached. */
  readonly deliver: (
    users: People,
    frame: string,
    options: { readonly except: string | undefined; readonly hint: string | undefined },
  ) => number

  readonly open: Run<Opening, Denied | undefined | void> | undefined
  /** The same without the vetoes of these plugins. */
  readonly openWithout: (plugins: readonly string[]) => PipelineParts['open']
  readonly members:
    Run<string, ConversationMembers | null | Denied | undefined, { readonly missing: string } | undefined> | undefined
  readonly allow: Run<AnyDraft, Denied | undefined, MessageContext> | undefined
  /** The same without the vetoes of these plugins. */
  readonly allowWithout: (plugins: readonly string[]) => Run<AnyDraft, Denied | undefined, MessageContext> | undefined
  readonly change: Run<AnyDraft, AnyDraft | Denied, MessageContext> | undefined
  readonly store: Run<StoreRequest, Stored | Denied | undefined> | undefined
  readonly known:
    | Run<
        { readonly conversation: string; readonly from: string; readonly clientId: string },
        | { readonly seq: number; readonly n: number; readonly at: number; readonly digest: string }
        | null
        | Denied
        | undefined
      >
    | undefined
  readonly entry:
    | Run<
        { readonly user: string; readonly conversation: string; readonly seq: number },
        LogEntry | null | Denied | undefined
      >
    | undefined
  readonly recipients: Run<AnyDraft, readonly string[], MessageContext> | undefined
  readonly stored: ((value: AnyDraft, ctx: MessageContext) => void) | undefined
}
