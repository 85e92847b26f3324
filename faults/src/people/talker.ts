import { createClient } from '@natter/client'
import type { ClientCore, Sending } from '@natter/client'
import type { Random } from '../random.js'
import type { Given } from '../record/history.js'
import type { Network } from '../record/network.js'
import { KeptStore } from './kept-store.js'
import type { OpenStore } from './kept-store.js'
import { shownOf, View } from './view.js'
import type { Shown } from './view.js'

/** Messages of one device under way at a time. */
const most = 6
/** Waiting for a reconnect is this much shorter than in a real client: the plan has many restarts a minute. */
const haste = 0.004

interface Running {
  readonly chat: ClientCore
  readonly store: OpenStore
  readonly view: View
}
/** What an app was told became of a message. */
export interface Outcome {
  readonly given: Given
  /** Its seq; nothing when it was refused. */
  readonly seq: number | undefined
  readonly error: string | undefined
}

/**
 * A person's device with the real client on it. It writes, reads and marks; its app crashes and starts again on what the
 * device kept, and sometimes runs twice on the same store.
 */
export class Talker {
  readonly user: string
  readonly device: string
  readonly views: View[] = []
  readonly outcomes: Outcome[] = []
  readonly #network: Network
  readonly #peers: readonly string[]
  readonly #random: Random
  readonly #kept: KeptStore
  /** Given, and not told what became of it, with the key under which the device keeps it. */
  readonly #open = new Map<string, Given>()
  #running: Running
  #twin: Running | undefined
  #timer: NodeJS.Timeout | undefined
  #last = 0

  constructor(network: Network, user: string, device: string, peers: readonly string[], random: Random) {
    this.#network = network
    this.user = user
    this.device = device
    this.#peers = peers
    this.#random = random
    this.#kept = new KeptStore(device)
    this.#running = this.#start()
  }

  #start(): Running {
    const store = this.#kept.open()
    const chat = createClient({
      url: 'http://127.0.0.1/chat',
      token: `${this.user}:${this.device}`,
      store,
      user: this.user,
      platform: {
        WebSocket: this.#network.socketsOf(this.user),
        random: () => this.#random.next() * haste,
        watch: () => () => undefined,
        locks: undefined,
        channel: undefined,
      },
    })
    const view = new View(this.user, this.device, chat)
    this.views.push(view)
    return { chat, store, view }
  }

  /** The view of the client that runs now. */
  get view(): View {
    return this.#running.view
  }

  talk(): void {
    const step = () => {
      this.#step()
      this.#timer = setTimeout(step, this.#random.between(8, 40))
    }
    this.#timer ??= setTimeout(step, this.#random.between(0, 40))
  }

  /** Gives nothing new. */
  rest(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** Everything is sent, and here is what there is. */
  get idle(): boolean {
    const { chat } = this.#running
    return chat.outbox.list().length === 0 && chat.status.get().link === 'online'
  }

  /** How far this device has come in a conversation: knowing by a hint that there is more is not having it. */
  head(conversation: string): number {
    const { chat, view } = this.#running
    const { head } = chat.conversation(conversation).info.get()
    return Math.min(head, view.given(conversation) ?? head)
  }

  /** Why it is not idle. */
  describe(): string {
    const { chat } = this.#running
    const waiting = chat.outbox.list().map(({ id, error }) => `${id}${error ? ` (${error.code})` : ''}`)
    return `${this.device} is ${chat.status.get().link}, unsent: ${waiting.join(', ') || 'nothing'}`
  }

  /** The app looks at a conversation. */
  open(conversation: string): void {
    this.#running.chat.conversation(conversation).messages.subscribe(() => undefined)
  }

  /** The whole of a conversation as this client shows it. */
  async screen(conversation: string): Promise<readonly Shown[]> {
    const shown = this.#running.chat.conversation(conversation)
    this.open(conversation)
    while (await shown.loadOlder(200)) continue
    return shown.messages.get().map(shownOf)
  }

  /** The app's process dies and starts again on what the device kept. */
  crash(): void {
    this.#end(this.#running)
    for (const [key, given] of this.#open) if (!this.#kept.has(key)) given.mayBeLost = true
    this.#running = this.#start()
  }

  /** The app runs a second time, on the same store, for a while: both send what is kept. */
  twin(ms: number): void {
    if (this.#twin) return
    const twin = (this.#twin = this.#start())
    setTimeout(() => {
      this.#end(twin)
      this.#twin = undefined
    }, ms)
  }

  /** Ends the client. */
  async close(): Promise<void> {
    this.rest()
    if (this.#twin) this.#end(this.#twin)
    await this.#running.chat.close()
  }

  /** Kills what runs: nothing of it reaches the disk or the network any more. */
  #end({ chat, store }: Running): void {
    store.crash()
    // Its store never answers again, so that its end is not waited for.
    void chat.close()
  }

  #step(): void {
    const peer = this.#random.pick(this.#peers)
    const { chat } = this.#running
    const conversation = chat.direct(peer)
    if (this.#random.chance(0.2)) conversation.read()
    if (this.#random.chance(0.02)) conversation.messages.subscribe(() => undefined)
    if (chat.outbox.list().length >= most) return
    const clientId = `${this.device}-${++this.#last}`
    const given = this.#network.history.give(this.user, peer, clientId, `${clientId} for ${peer}`, this.device)
    this.#follow(conversation.send({ text: given.text }, { id: clientId }), given)
  }

  #follow(sending: Sending, given: Given): void {
    const key = `outbox/${given.conversation}/${given.clientId}`
    this.#open.set(key, given)
    sending.sent.then(
      (sent) => {
        this.#open.delete(key)
        this.outcomes.push({ given, seq: sent.durability === 'committed' ? sent.seq : 0, error: undefined })
      },
      (error: { readonly code: string }) => {
        // Its client ended; the next one goes on with it.
        if (error.code === 'CLIENT_CLOSED') return
        this.#open.delete(key)
        this.outcomes.push({ given, seq: undefined, error: error.code })
      },
    )
  }
}
