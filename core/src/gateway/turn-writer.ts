/** What a turn's frames are collected for. */
export interface Outlet {
  /** Hands over what was collected since the last flush. */
  take(): readonly Buffer[]
  write(frames: Buffer): void
}

/**
 * Writes once per connection and turn of the event loop, however many frames the turn made: at one frame per turn it costs
 * nothing, in bursts it saves a system call per frame. Connections that got the same frames share one buffer.
 */
export class TurnWriter {
  #dirty: Outlet[] = []

  /** Called by an outlet when its first frame of the turn arrives. */
  add(outlet: Outlet): void {
    if (this.#dirty.push(outlet) === 1) setImmediate(() => this.flush())
  }

  flush(): void {
    const outlets = this.#dirty
    this.#dirty = []
    let last: readonly Buffer[] = []
    let joined: Buffer | undefined
    for (const outlet of outlets) {
      const frames = outlet.take()
      if (frames.length === 0) continue
      if (frames.length === 1) {
        outlet.write(frames[0]!)
        continue
      }
      if (!joined || !same(frames, last)) {
        joined = Buffer.concat(frames as Buffer[])
        last = frames
      }
      outlet.write(joined)
    }
  }
}

function same(a: readonly Buffer[], b: readonly Buffer[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
