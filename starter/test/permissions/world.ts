import type { BulkPart } from '@natter/core/contract'
import { FakeClock, MemoryStore } from '@natter/testkit'
import type { RawDevice } from '@natter/testkit'
import { linesOf } from './digest.js'
import { serve } from './serve.js'
import type { Server } from './serve.js'
import type { Town } from './town.js'

interface Open extends Server {
  readonly devices: Map<string, RawDevice>
  /** What is in the store, and whether that is still the town. */
  lines: readonly string[]
  same: boolean
}

/** A copy of the town, to ask for things in. */
export class World {
  readonly town: Town
  #open: Open | undefined

  constructor(town: Town) {
    this.town = town
  }

  /** The server on it. */
  async server(): Promise<Open> {
    if (this.#open) return this.#open
    const store = new MemoryStore({ clock: new FakeClock(this.town.now) })
    await copy(this.town.store, store)
    const server = await serve(this.town.now, store)
    return (this.#open = { ...server, devices: new Map(), lines: await linesOf(store), same: true })
  }

  /** A device of somebody, connected. */
  async device(token: string): Promise<RawDevice> {
    const { devices, device } = await this.server()
    const known = devices.get(token)
    if (known) return known
    const made = await device(token)
    devices.set(token, made)
    void made.closed.then(() => devices.delete(token))
    return made
  }

  /** What an act changed in the store: lines that are there now and were not, or no longer. */
  async changed(act: () => Promise<void>): Promise<readonly string[]> {
    const open = await this.server()
    await act()
    await open.clock.advance(0)
    const [before, after] = [open.lines, await linesOf(open.store)]
    const [had, has] = [new Set(before), new Set(after)]
    open.lines = after
    const changed = [...before.filter((line) => !has.has(line)), ...after.filter((line) => !had.has(line))]
    if (changed.length > 0) open.same = false
    return changed
  }

  /** From now on it is the town again. */
  async renew(): Promise<void> {
    if (this.#open && !this.#open.same) await this.close()
  }

  async close(): Promise<void> {
    await this.#open?.close()
    this.#open = undefined
  }
}

const parts = ['model', 'step', 'start', 'mark', 'kv', 'conversation', 'member', 'entry', 'row'] as const

async function copy(from: MemoryStore, to: MemoryStore): Promise<void> {
  await to.bulk.begin('town')
  for (const part of parts satisfies readonly BulkPart[]) {
    let after: string | undefined
    do {
      const { lines, next } = await from.bulk.read(part, after, 1_000)
      await to.bulk.write(part, lines, '')
      after = next
    } while (after !== undefined)
  }
  await to.bulk.finish()
}
