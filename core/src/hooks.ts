import { hook, messageHook } from './contract/index.js'
import type { Append, Appended, LogEntry } from './contract/index.js'
import type { Admission, ConnectionAttempt, Principal } from './kernel/context.js'
import type { People } from './pipeline/people.js'
import type { DataPart, Erasure, ErasureStep } from './services/personal-data.js'
import type { Connection } from './services/connections.js'
import type { IncomingMessage } from 'node:http'

/** Beside a draft or a message, what its handlers know. */
export interface MessageContext {
  /** Absent for sends of the system. */
  readonly user: { readonly id: string } | undefined
  readonly device: string | undefined
  /** Server time, ms. */
  readonly now: number
  /** The other person, where the conversation is a direct one. */
  readonly peer: string | undefined
  /** What kind of conversation it is. */
  readonly kind: string
  /**
   * The membership version that it is judged at; nothing where it is not stored yet. What changes meanwhile sends it back to
   * be judged again, so a veto must know all that an entry of this version changed.
   */
  readonly version: number | undefined
  /** Whether it counts as unread. What is done to a message, like a reaction, does not: how often one writes is not its matter. */
  readonly counts: boolean
}

/** Who asks to open a direct conversation, with whom. Asked once, at the first message. */
export interface Opening {
  readonly from: string
  readonly to: string
}
/** May this person open a direct conversation with that one? */
export const conversationOpen = hook.veto<Opening>('conversation.open')

/** May this be sent? */
export const messageAllow = messageHook<'veto', 'draft', never, MessageContext>('veto', 'message.allow')
/** Changes what is sent: trims, expands, marks. */
export const messageChange = messageHook<'transform', 'draft', never, MessageContext>('transform', 'message.change')
/** After the message was stored, or relayed where nothing is stored. */
export const messageStored = messageHook<'notify', 'message', never, MessageContext>('notify', 'message.stored')

/** A draft that passed, ready to be stored. */
export interface StoreRequest {
  readonly conversation: string
  readonly from: string
  readonly clientId: string
  readonly at: number
  /** JSON text of the body after the changes. */
  readonly body: string
  readonly digest: string
  readonly counts: boolean
  /** Both people of a direct conversation: it is created with its first entry. */
  readonly direct: readonly [string, string] | undefined
  /** The membership version it was judged at. */
  readonly judgedAt: number | undefined
  /** Of a system entry: the conversation that it opens, and who comes and goes with it. */
  readonly open?: Append['open']
  readonly members?: Append['members']
}
/** What became of it: see `Appended` in the storage port. */
export type Stored = Appended
/** Who keeps messages. Without an answer the message is relayed only. */
export const messageStore = hook.first<StoreRequest, Stored>('message.store')

/**
 * An entry is about to be rewritten by who acts on it, as the entry at `by` says: what was made from its body is made from the
 * other one now. It happens again where the rewriting was broken off. `before` and `after` are bodies with their types; nothing
 * where there is none.
 */
export const messageRewriting = hook.collect<
  {
    readonly conversation: string
    readonly seq: number
    readonly by: number
    readonly before: Readonly<Record<string, unknown>> | undefined
    readonly after: Readonly<Record<string, unknown>> | undefined
  },
  never
>('message.rewriting')

/** What was stored under this key, so that a retry is answered even when it would now be refused. */
export const messageKnown = hook.first<
  { readonly conversation: string; readonly from: string; readonly clientId: string },
  { readonly seq: number; readonly n: number; readonly at: number; readonly digest: string } | null
>('message.known')

/** Who is in a conversation and at which version; `null` where it is known not to exist. */
export interface ConversationMembers {
  readonly kind: string
  readonly version: number
  /** At this version. Ask `includes` and `length`; go through all of them only where they are few. */
  readonly users: People
}
/** Who is in a conversation. Without an answer only direct ones exist, by their people. */
export const conversationMembers = hook.first<
  string,
  ConversationMembers | null,
  | {
      /** Somebody whom the answer before did not have: they may have come in elsewhere since. */ readonly missing: string
    }
  | undefined
>('conversation.members')

/** One entry as it stands now, for a user who may read it; `null` where it is not there or not theirs to see. */
export const conversationEntry = hook.first<
  { readonly user: string; readonly conversation: string; readonly seq: number },
  LogEntry | null
>('conversation.entry')

/** Which entries of a conversation a person has put out of their own sight, by seq: what searches for them leaves these out. */
export const entryHidden = hook.collect<{ readonly user: string; readonly conversation: string }, number>(
  'entry.hidden',
)

/** Further people to whom a stored message goes, beside the members. */
export const messageRecipients = messageHook<'collect', 'message', string, MessageContext>(
  'collect',
  'message.recipients',
)

/** Who is this connection? The first answer decides; none means nobody. */
export const connectionAuthenticate = hook.first<ConnectionAttempt, Admission>('connection.authenticate')
/** A device is connected; before its first request is handled. What it returns is merged into the welcome. */
export const connectionWelcome = hook.collect<Connection, readonly [name: string, value: unknown]>('connection.welcome')
/** A device is connected and welcomed. */
export const connectionOpened = hook.notify<Connection>('connection.opened')
/** A connection is gone, and with which close code. */
export const connectionClosed = hook.notify<Connection, { readonly code: number }>('connection.closed')

/** Who makes this HTTP request? From its bearer token, or the host's session. */
export const requestAuthenticate = hook.first<
  {
    readonly request: IncomingMessage
    readonly token: string | undefined
    readonly koa: import('koa').ParameterizedContext
  },
  Principal
>('request.authenticate')

/** May this command run? */
export const commandAllow = hook.veto<{ readonly name: string; readonly input: unknown }, Principal | undefined>(
  'command.allow',
)

/**
 * May `to` be shown this person: found under their exact handle, told that their name or picture changed, or told how far
 * they have read in the conversation of both? Who may not is answered as if there were nobody.
 */
export const userShow = hook.veto<{
  readonly user: string
  readonly to: string
  readonly why: 'find' | 'change' | 'read'
}>('user.show')

/** Whom a change of this person's profile or presence concerns: those they talk with. Each handler gives at most 500. */
export const userAudience = hook.collect<{ readonly user: string }, string>('user.audience')

/** What a plugin holds of a person, as parts that are read one after the other. Asked by `PersonalData.export`. */
export const userData = hook.collect<{ readonly user: string }, DataPart>('user.data')

/**
 * A person is erased: each plugin gives the steps by which it removes what it holds of them. They run one after the other, by
 * phase and then in the order of the handlers, and are gone on with when the server dies between, so each can be done again.
 */
export const userErased = hook.collect<Erasure, ErasureStep>('user.erased')

/** An entry of somebody else that names a person who is erased. */
export interface Naming {
  readonly user: string
  /** Who wrote it; often `system`. */
  readonly from: string
  readonly body: Readonly<Record<string, unknown>>
}
/**
 * An entry is about to name nobody instead of a person who is erased: whose kind of body it is takes out what else of it is
 * theirs, like words of theirs that the system passed on.
 */
export const entryErasing = hook.transform<Naming>('entry.erasing')
