import { Lifecycle, inject, scoped } from 'tsyringe'
import { Now } from './host-tokens.js'

/**
 * The app's own service, as it was before there was a chat. The kitchen is open from 9 to 21, UTC. One per container:
 * `@singleton()` would be one for the whole process, whatever container it is asked of.
 */
@scoped(Lifecycle.ContainerScoped)
export class OpeningHours {
  readonly #now: () => Date

  constructor(@inject(Now) now: () => Date) {
    this.#now = now
  }

  areOver(): boolean {
    const hour = this.#now().getUTCHours()
    return hour < 9 || hour >= 21
  }
}
