import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { Knex } from 'knex'

export interface User {
  readonly id: number
  readonly handle: string
  readonly name: string
}
const derive = promisify(scrypt) as (password: string, salt: string, bytes: number) => Promise<Buffer>
const columns = ['id', 'handle', 'name']

/** The shop's people, in its own table. */
export class Users {
  readonly #db: Knex

  constructor(db: Knex) {
    this.#db = db
  }

  async add(handle: string, name: string, password: string): Promise<User> {
    const salt = randomBytes(16).toString('hex')
    const hash = (await derive(password, salt, 32)).toString('hex')
    const [id = 0] = await this.#db('users').insert({ handle, name, password: `${salt}:${hash}` })
    return { id, handle, name }
  }

  async all(): Promise<readonly User[]> {
    return this.#db('users').select(columns).orderBy('id')
  }

  async byIds(ids: readonly (string | number)[]): Promise<readonly User[]> {
    return this.#db('users').select(columns).whereIn('id', ids.map(Number).filter(Number.isSafeInteger))
  }

  async byHandle(handle: string): Promise<User | undefined> {
    return this.#db('users').first(columns).where({ handle })
  }

  async byPassword(handle: string, password: string): Promise<User | undefined> {
    const row = await this.#db('users')
      .first([...columns, 'password'])
      .where({ handle })
    const [salt = '', hash = ''] = String(row?.password ?? ':').split(':')
    const given = await derive(password, salt, 32)
    if (!row || !timingSafeEqual(given, Buffer.from(hash, 'hex'))) return undefined
    return { id: row.id, handle: row.handle, name: row.name }
  }
}
