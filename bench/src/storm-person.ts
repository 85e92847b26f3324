import { createClient } from '@natter/client'
import type { Client } from '@natter/client'
import { presence } from '@natter/presence/client'
import { WebSocket } from 'ws'
import { address, text, userId } from './names.js'

/** A send, and when its ack came, ms. */
export interface StormSend {
  readonly at: number
  /** Whether there was a connection when it was given. */
  readonly online: boolean
  acked: number | undefined
}
type Chat = Client<readonly [ReturnType<typeof presence>]>

/** The next one is whom they write to. */
export const peerOf = (index: number): number => index ^ 1

/** Somebody with the client of the browsers, who writes, types and watches others, and whose connection can break. */
export class StormPerson {
  readonly chat: Chat
  readonly sends = new Map<string, StormSend>()
  /** How often each message was shown to them, by client id. */
  readonly shown = new Map<string, number>()
  readonly #index: number
  #socket: WebSocket | undefined
  /** Changes of others, and typing, of which they were told; what they typed themselves. */
  changes = 0
  typing = 0
  typed = 0

  constructor(port: number, index: number, watched: number, people: number) {
    this.#index = index
    const opened = (socket: WebSocket) => (this.#socket = socket)
    const ip = address(index)
    this.chat = createClient({
      url: `http://127.0.0.1:${port}/chat`,
      token: `${userId(index)}:phone`,
      user: userId(index),
      plugins: [presence()],
      platform: {
        WebSocket: class extends WebSocket {
          constructor(url: string, protocols: string[]) {
            super(url, protocols, { localAddress: ip, perMessageDeflate: false })
            opened(this)
          }
        } as never,
        watch: () => () => undefined,
        locks: undefined,
        channel: undefined,
      },
    }) as Chat
    this.chat.on('message', ({ clientId }) => void this.shown.set(clientId, (this.shown.get(clientId) ?? 0) + 1))
    this.chat.on('presence.changed' as never, ({ people }: { readonly people: readonly unknown[] }) => {
      this.changes += people.length
    })
    this.chat.on('presence.writes' as never, () => void this.typing++)
    for (let k = 0; k < watched; k++) {
      this.chat.presence.of(userId((index + 1 + k) % people)).subscribe(() => undefined)
    }
  }

  get online(): boolean {
    return this.chat.status.get().link === 'online'
  }

  get idle(): boolean {
    return this.online && this.chat.outbox.list().length === 0
  }

  /** The conversation that they write in. */
  get conversation(): string {
    return this.chat.direct(userId(peerOf(this.#index))).id
  }

  write(): void {
    const conversation = this.chat.direct(userId(peerOf(this.#index)))
    const { online } = this
    if (online && this.sends.size > 0) {
      this.typed++
      this.chat.presence.write({ conversation: conversation.id, what: 'typing' }).catch(() => undefined)
    }
    const id = `${this.#index}-${this.sends.size}`
    const send: StormSend = { at: performance.now(), online, acked: undefined }
    this.sends.set(id, send)
    conversation.send({ text }, { id }).sent.then(
      () => (send.acked = performance.now()),
      () => undefined,
    )
  }

  /** The connection breaks. */
  cut(): void {
    this.#socket?.terminate()
  }
}
