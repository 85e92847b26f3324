import { memory } from '@natter/client'
import type { ChannelLike, LocksLike, Store } from '@natter/client'
import { setImmediate as turn } from 'node:timers/promises'

/** Locks and channels as tabs of one browser have them. */
export class Browser {
  readonly #queues = new Map<string, (() => void)[]>()
  readonly #channels = new Set<Channel>()
  readonly store: Store = { ...memory('shared'), shared: true }
  /** Who holds a lock, by name. */
  readonly held = new Set<string>()

  readonly locks: LocksLike = {
    request: (name, { signal }, held) =>
      new Promise((resolve, reject) => {
        const queue = this.#queues.get(name) ?? []
        this.#queues.set(name, queue)
        const begin = () => {
          this.held.add(name)
          void held().then(() => {
            this.held.delete(name)
            queue.shift()
            resolve(undefined)
            queue[0]?.()
          })
        }
        queue.push(begin)
        signal.addEventListener('abort', () => {
          const place = queue.indexOf(begin)
          if (place <= 0) return
          queue.splice(place, 1)
          reject(signal.reason)
        })
        if (queue.length === 1) begin()
      }),
  }

  readonly channel = (name: string): ChannelLike => {
    const channel = new Channel(name, this.#channels)
    this.#channels.add(channel)
    return channel
  }
}

class Channel implements ChannelLike {
  onmessage: ChannelLike['onmessage'] = null
  readonly #name: string
  readonly #all: Set<Channel>

  constructor(name: string, all: Set<Channel>) {
    this.#name = name
    this.#all = all
  }

  postMessage(message: unknown) {
    const data = structuredClone(message)
    void turn().then(() => {
      for (const other of this.#all) {
        if (other !== this && other.#name === this.#name) other.onmessage?.({ data } as never)
      }
    })
  }

  close() {
    this.#all.delete(this)
  }
}
