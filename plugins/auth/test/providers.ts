import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import Provider from 'oidc-provider'
import type { Adapter, AdapterPayload } from 'oidc-provider'
import type { TestContext } from '@natter/testkit'

export const client = { clientId: 'natter', clientSecret: 'a secret that only the two know' }

async function listen(t: TestContext) {
  const server = createServer()
  server.keepAliveTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close().closeAllConnections())
  return { server, issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** A person at a provider. */
export interface Person {
  readonly sub: string
  readonly email?: string
  readonly name?: string
  readonly preferred_username?: string
}

const signing = await exportJWK((await generateKeyPair('RS256', { extractable: true })).privateKey)

/** Where the provider keeps its sessions and codes. */
class Shelf implements Adapter {
  static readonly #kept = new Map<string, AdapterPayload>()
  readonly #model: string

  constructor(model: string) {
    this.#model = model
  }
  #key = (id: string) => `${this.#model} ${id}`
  async upsert(id: string, payload: AdapterPayload) {
    Shelf.#kept.set(this.#key(id), payload)
  }
  async find(id: string) {
    return Shelf.#kept.get(this.#key(id))
  }
  async findByUid(uid: string) {
    return [...Shelf.#kept.values()].find((payload) => payload.uid === uid)
  }
  async findByUserCode() {
    return undefined
  }
  async consume(id: string) {
    const payload = Shelf.#kept.get(this.#key(id))
    if (payload) payload['consumed'] = true
  }
  async destroy(id: string) {
    Shelf.#kept.delete(this.#key(id))
  }
  async revokeByGrantId(grant: string) {
    for (const [key, payload] of Shelf.#kept) if (payload.grantId === grant) Shelf.#kept.delete(key)
  }
}

/** A provider that we did not write. `open` gives it the address where it sends browsers back. `person` logs in there, or refuses. */
export async function realProvider(t: TestContext) {
  const { server, issuer } = await listen(t)
  let person: Person | undefined
  const known = new Map<string, Person>()
  const open = (redirectUri: string) => {
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: client.clientId,
          client_secret: client.clientSecret,
          redirect_uris: [redirectUri],
          token_endpoint_auth_method: 'client_secret_post',
        },
      ],
      adapter: Shelf,
      jwks: { keys: [{ ...signing, alg: 'RS256', use: 'sig' }] },
      claims: { profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
      conformIdTokenClaims: false,
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
      cookies: { keys: ['only for tests'] },
      ttl: { Interaction: 60, Session: 60, Grant: 60, AccessToken: 60, IdToken: 60 },
      findAccount: (_ctx, accountId) => ({
        accountId,
        claims: () => ({ email_verified: true, ...known.get(accountId), sub: accountId }),
      }),
      async loadExistingGrant(ctx) {
        const { client: asking, session } = ctx.oidc
        const grant = new ctx.oidc.provider.Grant({ clientId: asking!.clientId, accountId: session!.accountId! })
        grant.addOIDCScope('openid profile email')
        await grant.save()
        return grant
      },
    })
    const answer = provider.callback()
    server.on('request', (request, response) => {
      if (!request.url?.startsWith('/interaction/')) return void answer(request, response)
      const result = person
        ? { login: { accountId: person.sub, remember: false } }
        : { error: 'access_denied', error_description: 'the person said no' }
      void provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
    })
  }
  return {
    issuer,
    open,
    login(who: Person | undefined) {
      person = who
      if (who) known.set(who.sub, who)
    },
  }
}

/** What a dishonest provider, or somebody between, changes. */
export interface Lie {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly key?: 'another'
  /** Calls itself something else in its discovery document. */
  readonly issuer?: string
  /** Sends whoever asks there. */
  readonly moved?: string
}

/** A provider that lies: it answers every code with an ID token that is right but for what `lie` says. */
export async function lyingProvider(t: TestContext) {
  const { server, issuer } = await listen(t)
  const [own, another] = [await generateKeyPair('RS256'), await generateKeyPair('RS256')]
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'own', alg: 'RS256', use: 'sig' }
  let lie: Lie = {}
  let nonce = ''
  server.on('request', (request, response) => {
    const send = (body: object) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(body))
    }
    if (lie.moved !== undefined) return void response.writeHead(302, { location: lie.moved }).end()
    if (request.url === '/jwks') return send({ keys: [jwk] })
    if (request.url !== '/token') {
      return send({
        issuer: lie.issuer ?? issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
      })
    }
    const now = Math.floor(Date.now() / 1_000)
    const claims = { iss: issuer, aud: client.clientId, sub: 'alice', nonce, iat: now, exp: now + 60, ...lie.claims }
    void new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'own' })
      .sign(lie.key ? another.privateKey : own.privateKey)
      .then((token) => send({ access_token: 'x', token_type: 'bearer', id_token: token }))
  })
  return {
    issuer,
    tell(next: Lie, expected: string) {
      lie = next
      nonce = expected
    },
    lie(next: Lie) {
      lie = next
    },
    /** Hears of every request. */
    heard(listener: (url: string) => void) {
      server.on('request', ({ url = '' }) => listener(url))
    },
  }
}
