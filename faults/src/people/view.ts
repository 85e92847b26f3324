import type { ClientCore, ConversationInfo, MessageView } from '@natter/client'

/** A message as an app was given it. */
export interface Shown {
  readonly seq: number
  readonly from: string
  readonly clientId: string
  readonly text: string
  readonly at: number
}

/** What an app was given of one conversation, from the start of its client or from a `reset` on. */
export interface Stream {
  readonly conversation: string
  readonly shown: Shown[]
  /** Ranges that the client said it left out. */
  readonly gaps: (readonly [from: number, to: number])[]
  ended: boolean
}

export const shownOf = (message: MessageView): Shown => {
  const { seq, from, clientId, at } = message
  return { seq, from, clientId, at, text: 'text' in message ? String(message.text) : '' }
}

/** Writes down what a client gives to its app. */
export class View {
  readonly device: string
  readonly user: string
  readonly streams: Stream[] = []
  readonly problems: { readonly code: string; readonly message: string }[] = []
  /** Marks that went back, and other states that cannot be. */
  readonly wrong: string[] = []
  resets = 0
  readonly #open = new Map<string, Stream>()
  readonly #infos = new Map<string, ConversationInfo>()

  constructor(user: string, device: string, chat: ClientCore) {
    this.user = user
    this.device = device
    chat.on('message', (message) => this.#stream(message.conversation).shown.push(shownOf(message as MessageView)))
    chat.on('gap', ({ conversation, from, to }) => this.#stream(conversation).gaps.push([from, to]))
    chat.on('reset', ({ conversation }) => this.#reset(conversation))
    chat.on('problem', ({ code, message }) => this.problems.push({ code, message }))
    chat.conversations.subscribe(() => {
      for (const info of chat.conversations.get()) this.#look(info)
    })
  }

  /** Up to which seq the app was given a conversation, or told that it is left out; nothing where it was given none. */
  given(conversation: string): number | undefined {
    const stream = this.#open.get(conversation)
    return stream && Math.max(stream.shown.at(-1)?.seq ?? 0, ...stream.gaps.map(([, to]) => to))
  }

  #stream(conversation: string): Stream {
    const known = this.#open.get(conversation)
    if (known) return known
    const stream: Stream = { conversation, shown: [], gaps: [], ended: false }
    this.#open.set(conversation, stream)
    this.streams.push(stream)
    return stream
  }

  #reset(conversation: string | undefined): void {
    this.resets++
    const ended = conversation === undefined ? [...this.#open.keys()] : [conversation]
    for (const id of ended) {
      const stream = this.#open.get(id)
      if (stream) stream.ended = true
      this.#open.delete(id)
      this.#infos.delete(id)
    }
  }

  /** Marks never move back, and read implies received. */
  #look(info: ConversationInfo): void {
    const before = this.#infos.get(info.id)
    this.#infos.set(info.id, info)
    const all = { me: info.me, ...info.marks }
    for (const [who, { read, received }] of Object.entries(all)) {
      const was = who === 'me' ? before?.me : before?.marks[who]
      if (read > received || (was && (read < was.read || received < was.received))) {
        const then = was ? `${was.read}/${was.received}` : 'nothing'
        this.wrong.push(`${this.device} shows ${who} in ${info.id} at ${read}/${received} after ${then}`)
      }
    }
  }
}
