import type { Chat } from '@natter/core'
import type { Context, Middleware } from 'koa'
import type { Knex } from 'knex'

const table = 'shop_order'
const intents = 'natter_storage_sql_intent'

/** What the host's own route tells of its orders. */
export interface Desk {
  /** Orders that are stored. */
  readonly orders: readonly string[]
  /** Messages of stored orders that are not sent yet. */
  readonly waiting: number
}

class TakenBack extends Error {}

/** A host around the chat, with a table of its own: an order and the message about it are one transaction. */
export class OrderDesk {
  readonly #chat: Chat
  readonly #open: () => Promise<Knex>
  #db: Promise<Knex> | undefined

  constructor(chat: Chat, open: () => Promise<Knex>) {
    this.#chat = chat
    this.#open = open
  }

  /** `POST /orders?id=…&from=…&to=…&text=…&keep=1` stores one, or takes it back at the end; `GET /orders` tells of all. */
  middleware(): Middleware {
    return async (ctx, next) => {
      if (ctx.path !== '/orders') return next()
      try {
        ctx.body = ctx.method === 'POST' ? await this.#order(ctx) : await this.#tell()
      } catch (error) {
        ctx.status = 503
        ctx.body = { error: String(error) }
      }
    }
  }

  async #order({ URL }: Context): Promise<object> {
    const { id = '', from = '', to = '', text = '', keep } = Object.fromEntries(URL.searchParams)
    const [db, { sql }] = await Promise.all([this.#ready(), import('@natter/storage-sql')])
    try {
      await db.transaction(async (trx) => {
        await trx(table).insert({ id })
        await this.#chat.as(from).send({ user: to }, { text }, { id, within: sql(trx) })
        if (keep !== '1') throw new TakenBack()
      })
      return { kept: true }
    } catch (error) {
      if (error instanceof TakenBack) return { kept: false }
      throw error
    }
  }

  async #tell(): Promise<Desk> {
    const db = await this.#ready()
    const orders = await db<{ id: string }>(table).select('id')
    const waiting = await db<{ id: string }>(intents).select('id')
    return { orders: orders.map(({ id }) => id), waiting: waiting.length }
  }

  /** Opened when the first order comes: most servers of a run live for a moment. */
  #ready(): Promise<Knex> {
    return (this.#db ??= this.#begin().catch((error: unknown) => {
      this.#db = undefined
      throw error
    }))
  }

  async #begin(): Promise<Knex> {
    const db = await this.#open()
    await db.raw(`create table if not exists ${table} (id varchar(64) primary key)`)
    return db
  }
}
