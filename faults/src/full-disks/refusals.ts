import { violation } from '../checks/violation.js'
import type { Violation } from '../checks/violation.js'
import type { Filled } from '../process/orders.js'
import type { Network } from '../record/network.js'

interface Refusal {
  readonly code: string
  readonly retryable: boolean
  count: number
}

/** What was said to people, and to the host, while the disk was full. */
export class Refusals {
  readonly #all = new Map<string, Refusal>()

  /** Listens to what devices are answered. */
  watch(network: Network): void {
    network.watch = (direction, [kind, , shape]) => {
      if (direction !== 'in' || kind !== 'no') return
      const { code, retryable } = shape as { readonly code: string; readonly retryable?: boolean }
      this.#add('people', code, retryable === true)
    }
  }

  rest(network: Network): void {
    network.watch = undefined
  }

  /** What the host was answered. */
  add({ refused }: Filled): void {
    for (const { code, retryable } of refused) this.#add('the host', code, retryable)
  }

  #add(who: string, code: string, retryable: boolean): void {
    const key = `${who}: ${code}`
    const known = this.#all.get(key)
    if (known) known.count++
    else this.#all.set(key, { code, retryable, count: 1 })
  }

  get text(): string {
    return [...this.#all].map(([what, { count }]) => `${what} ${count}×`).join(', ') || 'nothing'
  }

  /** I9: the host is told what the store said, and that it may try again; people, that it was not a fault inside. */
  violations(): Violation[] {
    const right = (what: string, { code, retryable }: Refusal) =>
      what.startsWith('the host') ? retryable && code.startsWith('STORAGE_') : code !== 'NATTER_INTERNAL'
    return [...this.#all]
      .filter(([what, refusal]) => !right(what, refusal))
      .map(([what, { retryable }]) =>
        violation('I9', `on a full disk ${what}${retryable ? '' : ', not to be tried again'}`),
      )
  }
}
