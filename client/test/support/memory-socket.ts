import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { SocketLike } from '@natter/client'
import type { Chat } from '@natter/core'
import { MemoryPeer } from '@natter/testkit'
import { setImmediate as turn } from 'node:timers/promises'

/** A `WebSocket` that leads to a server in this process, without a port. */
export function memorySocket(chat: () => Chat | undefined): new (url: string, protocols: string[]) => SocketLike {
  return class implements SocketLike {
    onopen: SocketLike['onopen'] = null
    onmessage: SocketLike['onmessage'] = null
    onclose: SocketLike['onclose'] = null
    onerror: SocketLike['onerror'] = null
    #events: ReturnType<Chat['accept']> | undefined
    readonly #peer: MemoryPeer

    constructor() {
      this.#peer = new MemoryPeer(
        (text) => void turn().then(() => this.onmessage?.({ data: text } as never)),
        (code) => {
          queueMicrotask(() => this.#events?.closed(code))
          void turn().then(() => this.onclose?.({ code } as never))
        },
      )
      void turn().then(() => {
        const server = chat()
        if (!server) return this.onclose?.({ code: 1006 } as never)
        const request = new IncomingMessage(new Socket())
        request.headers['host'] = 'localhost'
        this.#events = server.accept(this.#peer, { request, ip: '127.0.0.1' })
        this.onopen?.({} as never)
      })
    }

    send(text: string) {
      void turn().then(() => this.#events?.text(text))
    }

    close() {
      this.#peer.close(1000, '')
    }

    /** The connection breaks. */
    cut() {
      this.#peer.terminate()
    }
  }
}
