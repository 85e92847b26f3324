import type { SocketLike } from '@natter/client'
import type { Random } from '../random.js'
import type { History } from './history.js'
import { WiredSocket } from './wired-socket.js'

/** The way from the devices to the server of the moment. It changes its port at every restart, and can break. */
export class Network {
  readonly history: History
  /** Lets entries come twice, or as a hint only, as the protocol allows (docs/protocol.md §4). */
  readonly #mischief: Random | undefined
  /** Where the server listens; nothing while there is none. */
  port: number | undefined
  readonly sockets = new Set<WiredSocket>()
  /** Told of every frame that passes, after it was written down. */
  watch: ((direction: 'in' | 'out', frame: readonly unknown[]) => void) | undefined

  constructor(history: History, mischief?: Random) {
    this.history = history
    this.#mischief = mischief
  }

  /** What a device hears of a frame that came. */
  heard(data: string, [kind, conversation, seq]: readonly unknown[]): readonly string[] {
    const random = this.#mischief
    if (!random || kind !== 'm') return [data]
    if (random.chance(0.05)) return [data, data]
    if (random.chance(0.05)) return [JSON.stringify(['h', conversation, seq])]
    return [data]
  }

  /** A WebSocket class whose sockets lead to the server, wherever it is, as this user's. */
  socketsOf(user: string): new (url: string, protocols: string[]) => SocketLike {
    return wiredTo(this, user)
  }

  of(user: string): readonly WiredSocket[] {
    return [...this.sockets].filter((socket) => socket.user === user)
  }
}

const wiredTo = (network: Network, user: string) =>
  class extends WiredSocket {
    constructor(_url: string, protocols: string[]) {
      super(network, user, protocols)
    }
  }
