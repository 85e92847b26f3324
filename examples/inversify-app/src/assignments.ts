import { inject, injectable } from 'inversify'
import type { Ack, Conversations } from '@natter/core'
import { ChatConversations } from './host-tokens.js'
import { Tickets } from './tickets.js'

/** The app's own service, which now also writes to people. */
@injectable()
export class Assignments {
  readonly #tickets: Tickets
  readonly #conversations: Conversations

  constructor(@inject(Tickets) tickets: Tickets, @inject(ChatConversations) conversations: Conversations) {
    this.#tickets = tickets
    this.#conversations = conversations
  }

  /** However often it is repeated, the agent gets one message for each ticket. */
  assign(number: number, agent: string): Promise<Ack> {
    if (this.#tickets.titleOf(number) === undefined) throw new RangeError(`There is no ticket #${number}.`)
    const body = { text: `Please look at #${number}` }
    return this.#conversations.send('helpdesk', { user: agent }, body, { id: `assigned-${number}` })
  }
}
