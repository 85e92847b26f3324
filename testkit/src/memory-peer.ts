import { frameTexts } from '@natter/core'
import type { Peer } from '@natter/core'

/**
 * A peer without a network, for tests: what the server writes arrives at once, or, while stalled, waits in the buffer as
 * it would for who does not read.
 */
export class MemoryPeer implements Peer {
  readonly #received: (text: string) => void
  readonly #ended: (code: number, reason: string) => void
  readonly #pinged: () => void
  #waiting: { readonly frames: Buffer; readonly drained: (() => void) | undefined }[] = []
  #watchers: { readonly bytes: number; readonly reached: () => void }[] = []
  #stalled = false
  #over = false
  pings = 0

  /** `pinged` is where a peer answers that does; who does not read hears no ping. */
  constructor(
    received: (text: string) => void,
    ended: (code: number, reason: string) => void,
    pinged: () => void = () => undefined,
  ) {
    this.#received = received
    this.#ended = ended
    this.#pinged = pinged
  }

  get buffered(): number {
    return this.#waiting.reduce((sum, { frames }) => sum + frames.length, 0)
  }

  /** Stops reading. */
  stall(): void {
    this.#stalled = true
  }

  /** Reads on. */
  resume(): void {
    this.#stalled = false
    const waiting = this.#waiting
    this.#waiting = []
    for (const { frames, drained } of waiting) this.#take(frames, drained)
  }

  /** Resolves when, stalled, at least so many bytes wait for it. */
  async holds(bytes: number): Promise<void> {
    if (this.buffered < bytes) await new Promise<void>((reached) => this.#watchers.push({ bytes, reached }))
  }

  write(frames: Buffer, drained?: () => void): void {
    if (this.#over) return
    if (!this.#stalled) return this.#take(frames, drained)
    this.#waiting.push({ frames, drained })
    const { buffered } = this
    for (const { bytes, reached } of this.#watchers) if (buffered >= bytes) reached()
    this.#watchers = this.#watchers.filter(({ bytes }) => buffered < bytes)
  }

  ping(): void {
    this.pings += 1
    if (!this.#stalled && !this.#over) this.#pinged()
  }

  close(code: number, reason: string): void {
    if (this.#over) return
    this.#over = true
    this.#ended(code, reason)
  }

  terminate(): void {
    this.close(1006, '')
  }

  #take(frames: Buffer, drained: (() => void) | undefined): void {
    for (const text of frameTexts(frames)) this.#received(text)
    drained?.()
  }
}
