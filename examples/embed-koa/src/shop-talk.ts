import type { Chat } from '@natter/core'
import type { Order } from './orders.js'
import type { User } from './users.js'

/** What the shop itself does in its chat, by the host API: it writes to buyers, and knows who waits for an answer. */
export class ShopTalk {
  readonly #chat: Chat
  /** Who spoke last in each conversation, since the shop opened. */
  readonly #lastWord = new Map<string, string>()

  constructor(chat: Chat) {
    this.#chat = chat
    chat.on('message', ({ conversation, from }) => {
      if (from !== 'system') this.#lastWord.set(conversation, from)
    })
  }

  /**
   * The seller tells the buyer, through the same hooks as everybody, and the shop leaves a notice that is nobody's words.
   * Both are there once, however often an order is shipped.
   */
  async shipped(seller: User, { id, buyer, what }: Order): Promise<void> {
    const text = `Your order has shipped: ${what}`
    const ack = await this.#chat.as(seller.id).send({ user: buyer }, { text }, { id: `shipped-${id}` })
    const body = { text: `Order #${id} left the shop.` }
    await this.#chat.system.append(ack.conversation, { body, cause: `order-${id}-shipped` })
  }

  /** The people who wrote to this person and have no answer yet. */
  async unanswered(user: User): Promise<readonly string[]> {
    const me = String(user.id)
    const waiting = [...this.#lastWord].filter(([, from]) => from !== me)
    const members = await Promise.all(waiting.map(([conversation]) => this.#chat.conversations.members(conversation)))
    return waiting.flatMap(([, from], i) => (members[i]?.users.includes(me) ? [from] : []))
  }
}
