import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { WebSocket } from 'ws'
import { auth } from '@natter/auth/client'
import { createClient } from '@natter/client'
import { openShop } from '#src/shop.js'
import type { Shop } from '#src/shop.js'

export interface Street {
  readonly shop: Shop
  readonly folder: string
  readonly maja: { readonly id: number }
  readonly omar: { readonly id: number }
}

/** An open shop with two people and an order of Omar's. */
export async function street(t: ExecutionContext, open: typeof openShop = openShop): Promise<Street> {
  process.env['NATTER_SECRET'] ??= 'a secret for tests that is long enough to be one'
  const folder = await mkdtemp(join(tmpdir(), 'natter-shop-'))
  const shop = await open({ folder })
  t.teardown(async () => {
    await shop.close()
    await rm(folder, { recursive: true, force: true })
  })
  const maja = await shop.users.add('maja', 'Maja Keeper', 'maja')
  const omar = await shop.users.add('omar', 'Omar Buyer', 'omar')
  await shop.orders.add(omar.id, 'a bag of apples')
  return { shop, folder, maja, omar }
}

/** Somebody with a browser: keeps cookies. */
export class Visitor {
  readonly #shop: Shop
  readonly #jar = new Map<string, string>()

  constructor(shop: Shop) {
    this.#shop = shop
  }

  get cookie(): string {
    return [...this.#jar].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  async ask(method: string, path: string, form?: Readonly<Record<string, string>>): Promise<Response> {
    const response = await fetch(this.#shop.url + path, {
      method,
      redirect: 'manual',
      headers: { cookie: this.cookie },
      ...(form ? { body: new URLSearchParams(form) } : {}),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') this.#jar.delete(name)
      else this.#jar.set(name, value)
    }
    return response
  }

  logIn(handle: string): Promise<Response> {
    return this.ask('POST', '/login', { handle, password: handle })
  }

  /** The chat's client, as the shop's page would run it in this browser. */
  chat(t: ExecutionContext) {
    const { cookie } = this
    const origin = this.#shop.url
    class BrowserSocket extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols, { headers: { cookie, origin } })
      }
    }
    const platform = { WebSocket: BrowserSocket }
    const client = createClient({ url: `${this.#shop.url}/chat`, plugins: [auth()], platform })
    t.teardown(() => client.close())
    return client
  }
}

export async function visitor(shop: Shop, handle?: string): Promise<Visitor> {
  const made = new Visitor(shop)
  if (handle) await made.logIn(handle)
  return made
}

/** A screen on the shop's own endpoint, and what it has shown. */
export async function screen(t: ExecutionContext, shop: Shop) {
  const socket = new WebSocket(`${shop.url.replace('http', 'ws')}/board`)
  t.teardown(() => socket.terminate())
  const shown: unknown[] = []
  socket.on('message', (data) => shown.push(JSON.parse(String(data))))
  const closed = once(socket, 'close').then(([code, reason]) => [code as number, String(reason)] as const)
  await once(socket, 'message')
  return { socket, shown, closed }
}
