import { createHash, randomBytes } from 'node:crypto'
import type { Knex } from 'knex'
import type { Middleware } from 'koa'
import type { User, Users } from './users.js'

/** One log-in of a person, on one of their browsers. Its id is no secret; the cookie holds the token. */
export interface Login {
  readonly id: string
  readonly user: User
}
export interface ShopState {
  login?: Login | undefined
}

const digest = (token: string) => createHash('sha256').update(token).digest('hex')
const random = () => randomBytes(18).toString('base64url')
export const cookie = 'shop-login'

/** The shop's sessions, in its own table. */
export class Logins {
  readonly #db: Knex
  readonly #users: Users

  constructor(db: Knex, users: Users) {
    this.#db = db
    this.#users = users
  }

  /** Begins a log-in; the token goes into the cookie. */
  async begin(user: User): Promise<{ readonly login: Login; readonly token: string }> {
    const login = { id: random(), user }
    const token = random()
    await this.#db('logins').insert({ id: login.id, token: digest(token), user: user.id })
    return { login, token }
  }

  async of(token: string): Promise<Login | undefined> {
    const row = await this.#db('logins')
      .first(['id', 'user'])
      .where({ token: digest(token) })
    const [user] = row ? await this.#users.byIds([row.user]) : []
    return user && { id: row.id, user }
  }

  async end(login: Login): Promise<void> {
    await this.#db('logins').delete().where({ id: login.id })
  }
}

// #region session
/** The shop's session middleware: who is logged in, by its own signed cookie. */
export function session(logins: Logins): Middleware<ShopState> {
  return async (ctx, next) => {
    const token = ctx.cookies.get(cookie, { signed: true })
    ctx.state.login = token === undefined ? undefined : await logins.of(token)
    await next()
  }
}
// #endregion
