import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bodyParser } from '@koa/bodyparser'
import Router from '@koa/router'
// #region chat
import { hostIdentity } from '@natter/auth/host'
import { createChat } from '@natter/core'
import { offline } from '@natter/offline'
import { storageSql } from '@natter/storage-sql'
// #endregion
import Koa from 'koa'
import { openDatabase } from './database.js'
import { Logins, cookie, session } from './logins.js'
import type { ShopState } from './logins.js'
import { OrderBoard } from './order-board.js'
import { Orders } from './orders.js'
import { files, homePage, loginPage } from './pages.js'
// #region host-api
import { ShopTalk } from './shop-talk.js'
// #endregion
import { Users } from './users.js'

export interface Shop {
  readonly app: Koa<ShopState>
  readonly server: Server
  readonly url: string
  readonly users: Users
  readonly orders: Orders
  close(): Promise<void>
}

/**
 * A shop with its own users, session, routes, socket, database and shutdown. The lines marked `chat` add a chat to it; the
 * shop then uses it in those marked `host-api`.
 */
export async function openShop({ folder, port = 0 }: { folder: string; port?: number }): Promise<Shop> {
  const db = await openDatabase(folder)
  const users = new Users(db)
  const logins = new Logins(db, users)
  const orders = new Orders(db)
  const app = new Koa<ShopState>({ keys: [process.env['SHOP_KEY'] ?? 'only for trying the shop out'] })
  const loggedIn = session(logins)
  app.use(loggedIn)
  // #region chat
  const people = hostIdentity<ShopState>({
    user: ({ state: { login } }) => login && { id: login.user.id, session: login.id },
    lookup: (ids) => users.byIds(ids),
    find: (handle) => users.byHandle(handle),
  })
  const chat = await createChat({ plugins: [people, storageSql({ url: `sqlite:${folder}/chat.db` }), offline()] })
  app.use(chat.middleware())
  // #endregion
  // #region host-api
  const talk = new ShopTalk(chat)
  // #endregion
  app.use(bodyParser())
  app.use(files())

  const router = new Router<ShopState>()
  router.get('/', async ({ state: { login }, response }) => {
    if (!login) {
      response.body = loginPage(false)
      return
    }
    const others = (await users.all()).filter(({ id }) => id !== login.user.id)
    response.body = homePage(login.user, others, await orders.all())
  })
  router.post('/login', async (ctx) => {
    const { handle, password } = (ctx.request.body ?? {}) as { handle?: unknown; password?: unknown }
    const user = await users.byPassword(String(handle), String(password))
    if (!user) {
      ctx.status = 401
      ctx.body = loginPage(true)
      return
    }
    ctx.cookies.set(cookie, (await logins.begin(user)).token, { signed: true, httpOnly: true, sameSite: 'lax' })
    ctx.redirect('/')
  })
  router.post('/logout', async (ctx) => {
    const { login } = ctx.state
    if (login) {
      await logins.end(login)
      // #region chat
      await chat.disconnect({ user: login.user.id, session: login.id })
      // #endregion
    }
    ctx.cookies.set(cookie, null)
    ctx.redirect('/')
  })
  router.get('/api/orders', async (ctx) => {
    if (!ctx.state.login) ctx.throw(401, 'Log in first')
    ctx.body = await orders.all()
  })
  router.post('/api/orders/:id/ship', async (ctx) => {
    const seller = ctx.state.login?.user ?? ctx.throw(401, 'Log in first')
    const order = (await orders.ship(Number(ctx.params['id']))) ?? ctx.throw(404, 'No such order')
    // #region host-api
    await talk.shipped(seller, order)
    // #endregion
    board.show(order.id)
    ctx.body = order
  })
  // #region host-api
  router.get('/api/unanswered', async (ctx) => {
    const { user } = ctx.state.login ?? ctx.throw(401, 'Log in first')
    ctx.body = await talk.unanswered(user)
  })
  // #endregion
  app.use(router.routes())

  const server = createServer(app.callback())
  const board = new OrderBoard(server)
  // #region chat
  chat.attach(server, { koa: { app, use: [loggedIn] } })
  // #endregion
  server.listen(port)
  await once(server, 'listening')

  return {
    app,
    server,
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    users,
    orders,
    async close() {
      // #region chat
      await chat.stop()
      // #endregion
      board.close()
      await new Promise((resolve) => server.close(resolve))
      await db.destroy()
    },
  }
}
