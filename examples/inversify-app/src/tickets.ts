import { inject, injectable } from 'inversify'
import { Now } from './host-tokens.js'

export interface Ticket {
  readonly number: number
  readonly title: string
  readonly opened: Date
}

/** The app's own service, as it was before there was a chat. */
@injectable()
export class Tickets {
  readonly #now: () => Date
  readonly #all = new Map<number, Ticket>()

  constructor(@inject(Now) now: () => Date) {
    this.#now = now
  }

  open(title: string): Ticket {
    const ticket = { number: this.#all.size + 1, title, opened: this.#now() }
    this.#all.set(ticket.number, ticket)
    return ticket
  }

  titleOf(number: number): string | undefined {
    return this.#all.get(number)?.title
  }
}
