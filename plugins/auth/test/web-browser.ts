import type { Served } from './serve.js'

interface Answer {
  readonly status: number
  readonly body: Record<string, any>
}

/** A browser as far as log-ins by redirects need one: cookies per site, the Origin of its page, and following redirects. */
export class WebBrowser {
  readonly #cookies = new Map<string, Map<string, string>>()

  /** A request of the chat's own page. */
  async call(
    { url }: Served,
    path: string,
    body: object,
    token?: string,
    origin: string | null = url,
  ): Promise<Answer> {
    const response = await this.#fetch(`${url}/chat/auth${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(origin ? { origin } : {}),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      body: JSON.stringify(body),
    })
    return { status: response.status, body: (await response.json()) as Record<string, any> }
  }

  /** Goes to an address and on, as far as it is sent. Answers where it ends, or where it would go to when `stopAt` says so. */
  async open(address: string, stopAt: (url: URL) => boolean = () => false): Promise<string> {
    let at = new URL(address)
    for (let hops = 0; hops < 20; hops++) {
      if (stopAt(at)) return at.href
      const response = await this.#fetch(at.href, {})
      const next = response.headers.get('location')
      await response.arrayBuffer()
      if (next === null) return at.href
      at = new URL(next, at)
    }
    throw new Error(`sent around in circles: ${at.href}`)
  }

  cookie(site: string, name: string): string | undefined {
    return this.#cookies.get(new URL(site).host)?.get(name)
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    const { host } = new URL(url)
    const jar = this.#cookies.get(host) ?? new Map<string, string>()
    this.#cookies.set(host, jar)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...(init.headers as Record<string, string>), ...(cookie ? { cookie } : {}) }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!
      if (value === '' || /max-age=0/i.test(line)) jar.delete(name!)
      else jar.set(name!, value!)
    }
    return response
  }
}
