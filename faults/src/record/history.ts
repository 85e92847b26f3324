import { directId } from './direct-id.js'

/** A message as its sender gave it, and all that was ever said about it. */
export interface Given {
  readonly conversation: string
  readonly from: string
  readonly clientId: string
  readonly text: string
  /** What gave it, one after the other, and its place there: a device keeps the order of its sends to a conversation. */
  readonly lane: string | undefined
  readonly place: number
  /** When it was first transmitted, in ticks. */
  sentAt: number | undefined
  readonly acks: { readonly seq: number; readonly at: number; readonly tick: number }[]
  /** Codes of refusals that a retry does not help. */
  readonly refusals: string[]
  /** The device crashed before it had kept the message: it may be gone. */
  mayBeLost: boolean
}

/** An entry that a socket received, live. */
export interface Pushed {
  readonly user: string
  readonly conversation: string
  readonly seq: number
  readonly from: string
  readonly clientId: string
  readonly text: string
  readonly at: number
}

/** Marks of a person in a conversation, as the server told them. */
export interface MarkSeen {
  readonly conversation: string
  readonly user: string
  readonly read: number
  readonly received: number
  readonly head: number | undefined
  /** When it was asked, for answers: what was known then is the least that the answer may tell. */
  readonly askedAt: number | undefined
  readonly tick: number
}

/** The newest seq of a conversation, as an answer told it. */
export interface HeadSeen {
  readonly conversation: string
  readonly head: number
  readonly askedAt: number
}

/** Another body under a client id that is in use. */
export interface Probe {
  readonly key: string
  answer: string | undefined
}

/** A frame about a conversation that the user is not in. */
export interface Leak {
  readonly user: string
  readonly frame: string
}

export const keyOf = (conversation: string, from: string, clientId: string) => `${conversation}/${from}/${clientId}`

/** Everything that was sent, promised and shown, in the order in which the harness saw it. */
export class History {
  readonly given = new Map<string, Given>()
  readonly pushed: Pushed[] = []
  readonly marks: MarkSeen[] = []
  readonly heads: HeadSeen[] = []
  readonly probes: Probe[] = []
  readonly leaks: Leak[] = []
  /** Answers and frames that make no sense. */
  readonly oddities: string[] = []
  readonly #conversations = new Map<string, ReadonlySet<string>>()
  readonly #lanes = new Map<string, number>()
  #tick = 0

  /** The last moment at which something happened. */
  get now(): number {
    return this.#tick
  }

  /** The next moment. */
  tick(): number {
    return ++this.#tick
  }

  /** Names a direct conversation that is part of the run. */
  conversation(a: string, b: string): string {
    const id = directId(a, b)
    this.#conversations.set(id, new Set([a, b]))
    return id
  }

  members(conversation: string): ReadonlySet<string> | undefined {
    return this.#conversations.get(conversation)
  }

  conversations(): Iterable<readonly [id: string, members: ReadonlySet<string>]> {
    return this.#conversations
  }

  /** A message is about to be sent. */
  give(from: string, to: string, clientId: string, text: string, lane?: string): Given {
    const conversation = this.conversation(from, to)
    const place = (this.#lanes.get(`${lane}/${conversation}`) ?? 0) + 1
    if (lane !== undefined) this.#lanes.set(`${lane}/${conversation}`, place)
    const given: Given = {
      conversation,
      from,
      clientId,
      text,
      lane,
      place,
      sentAt: undefined,
      acks: [],
      refusals: [],
      mayBeLost: false,
    }
    this.given.set(keyOf(conversation, from, clientId), given)
    return given
  }

  get acked(): number {
    let acked = 0
    for (const { acks } of this.given.values()) if (acks.length > 0) acked++
    return acked
  }
}
