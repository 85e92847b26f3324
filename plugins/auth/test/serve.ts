import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Koa from 'koa'
import { auth } from '@natter/auth'
import { createTestChat, RawDevice } from '@natter/testkit'
import type { FakeClock, TestContext } from '@natter/testkit'
import type { Chat, HostLogger, Plugin } from '@natter/core'

type AuthOptions = Parameters<typeof auth>[0]
export interface Answer {
  readonly status: number
  readonly body: Record<string, any>
  readonly headers: Headers
  /** `name=value` of the cookie that was set, and the whole line. */
  readonly cookie: string | undefined
  readonly setCookie: string | undefined
}
export interface CallOptions {
  readonly token?: string | undefined
  readonly cookie?: string | undefined
  /** Default: the server's own. `null`: none. */
  readonly origin?: string | null
  readonly headers?: Record<string, string>
}
export type Call = (method: string, path: string, body?: object, options?: CallOptions) => Promise<Answer>

interface Credentials {
  readonly token?: string
  readonly ticket?: string
  readonly device?: string
}

export interface Served {
  readonly url: string
  readonly chat: Chat
  readonly clock: FakeClock
  readonly call: Call
  /** Registers in mode `token`. */
  readonly register: (handle: string, more?: object) => Promise<Record<string, any>>
  /** A device over memory transport, connected. */
  readonly connect: (credentials: Credentials) => Promise<RawDevice>
  /** The close code of a device that is not let in; 0 when it is. */
  readonly refused: (credentials: Credentials) => Promise<number>
}

export const password = 'correct horse battery'

/** A server with `auth` on a port of its own. */
export async function serve(
  t: TestContext,
  options: {
    readonly auth?: AuthOptions
    /** The same, from the server's port. */
    readonly authAt?: (port: number) => AuthOptions
    /** Pages of the host, by path. */
    readonly pages?: Readonly<Record<string, { readonly type: string; readonly body: string }>>
    readonly plugins?: readonly Plugin[]
    readonly identity?: Plugin
    readonly storage?: Plugin
    readonly clock?: FakeClock
    readonly logger?: HostLogger
    readonly secrets?: string | readonly { readonly kid: string; readonly secret: string }[]
  } = {},
): Promise<Served> {
  const server = createServer().listen(0, '127.0.0.1')
  // A connection that is reused in the moment of its time-out fails, as happens on a busy machine.
  server.keepAliveTimeout = 0
  await once(server, 'listening')
  t.teardown(() => server.close().closeAllConnections())
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const { chat, clock } = await createTestChat(t, {
    identity: options.identity ?? auth(options.authAt?.(port) ?? options.auth),
    plugins: options.plugins ?? [],
    ...(options.storage ? { storage: options.storage } : {}),
    ...(options.clock ? { clock: options.clock } : {}),
    ...(options.logger ? { logger: options.logger } : {}),
    ...(options.secrets ? { secrets: options.secrets } : {}),
  } as Parameters<typeof createTestChat>[1])
  const app = new Koa()
  app.use((ctx, next) => {
    const page = options.pages?.[ctx.path]
    if (!page) return next()
    ctx.type = page.type
    ctx.body = page.body
    return undefined
  })
  app.use(chat.middleware())
  server.on('request', app.callback())
  chat.attach(server)

  const call: Call = async (method, path, body, { token, cookie, origin = url, headers = {} } = {}) => {
    const response = await fetch(`${url}/chat/auth${path}`, {
      method,
      headers: {
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(cookie ? { cookie } : {}),
        ...(origin ? { origin } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await response.text()
    const setCookie = response.headers.getSetCookie()[0]
    return {
      status: response.status,
      body: (response.headers.get('content-type')?.startsWith('application/json')
        ? JSON.parse(text)
        : { text }) as Record<string, any>,
      headers: response.headers,
      setCookie,
      cookie: setCookie?.split(';')[0],
    }
  }
  return {
    url,
    chat: chat as unknown as Chat,
    clock,
    call,
    async register(handle, more = {}) {
      const { status, body } = await call('POST', '/register', { handle, password, mode: 'token', ...more })
      if (status !== 201) throw new Error(`${handle} could not register: ${JSON.stringify(body)}`)
      return body
    },
    async connect(credentials) {
      const device = RawDevice.connect(chat as unknown as Chat)
      await device.hello({ ...credentials })
      return device
    },
    async refused(credentials) {
      const device = RawDevice.connect(chat as unknown as Chat)
      device.send(['hello', credentials])
      return Promise.race([device.closed.then(({ code }) => code), device.next('welcome').then(() => 0)])
    },
  }
}
