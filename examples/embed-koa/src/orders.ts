import type { Knex } from 'knex'

export interface Order {
  readonly id: number
  readonly buyer: number
  readonly what: string
  readonly shipped: boolean
}

/** What was ordered, in the shop's own table. */
export class Orders {
  readonly #db: Knex

  constructor(db: Knex) {
    this.#db = db
  }

  async add(buyer: number, what: string): Promise<Order> {
    const [id = 0] = await this.#db('orders').insert({ buyer, what, shipped: false })
    return { id, buyer, what, shipped: false }
  }

  async all(): Promise<readonly Order[]> {
    const rows: Order[] = await this.#db('orders').select('*').orderBy('id')
    return rows.map((row) => ({ ...row, shipped: Boolean(row.shipped) }))
  }

  /** The order as shipped; nothing where there is none. May be repeated. */
  async ship(id: number): Promise<Order | undefined> {
    await this.#db('orders').update({ shipped: true }).where({ id })
    return (await this.all()).find((order) => order.id === id)
  }
}
