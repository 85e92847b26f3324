import { Lifecycle, inject, scoped } from 'tsyringe'
import type { Ack, Connections, Conversations } from '@natter/core'
import { ChatConnections, ChatConversations } from './host-tokens.js'

/** The app's own service, which now also writes to people, and sees who is there. */
@scoped(Lifecycle.ContainerScoped)
export class Reminders {
  readonly #conversations: Conversations
  readonly #connections: Connections

  constructor(
    @inject(ChatConversations) conversations: Conversations,
    @inject(ChatConnections) connections: Connections,
  ) {
    this.#conversations = conversations
    this.#connections = connections
  }

  /** Reminds of an order, once, however often it is called. */
  remind(cook: string, order: string): Promise<Ack> {
    const text = `Order ${order} is waiting.`
    return this.#conversations.send('kitchen', { user: cook }, { text }, { id: `remind-${order}` })
  }

  isThere(cook: string): boolean {
    return this.#connections.of(cook).length > 0
  }
}
