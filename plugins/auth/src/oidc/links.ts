import { allRows } from '@natter/core'
import type { Clock } from '@natter/core'
import type { Records } from '@natter/core/contract'
import type { Account, AccountBook } from '../accounts.js'
import { AuthErrors } from '../contract.js'
import type { credential } from '../contract.js'
import { digest } from '../digest.js'
import type { FirstWay } from '../registration.js'
import type { Credential } from '../ways-in.js'
import type { Identity } from './provider-client.js'

const method = 'oidc'
const most = 20
/** A registration is over after this, ms. */
const madeWithinMs = 60_000

/** Which account belongs to whom at a provider: by issuer and subject, which are never given to somebody else. */
export class Links {
  readonly #parts: {
    readonly rows: Records<typeof credential>
    readonly accounts: AccountBook
    readonly clock: Clock
  }

  constructor(parts: {
    readonly rows: Records<typeof credential>
    readonly accounts: AccountBook
    readonly clock: Clock
  }) {
    this.#parts = parts
  }

  /** The account that somebody at a provider logs in to. */
  async account(identity: Identity): Promise<Account | undefined> {
    const { rows, accounts, clock } = this.#parts
    const page = await rows.page({ method, subject: subjectOf(identity) }, { limit: 1 })
    const row = page.rows[0]
    const account = row && (await accounts.get(row.user))
    // The server died while it made the account: the link would keep its person out for ever.
    if (row && !account && clock.now() - row.at > madeWithinMs) await rows.take({ user: row.user, method, id: row.id })
    return account
  }

  async of(user: string) {
    const links = []
    for await (const row of allRows(this.#parts.rows, { user, method })) {
      links.push({ id: row.id, provider: row.secret, createdAt: row.at, ...(row.name ? { name: row.name } : {}) })
    }
    return { links: links.sort((a, b) => a.createdAt - b.createdAt) }
  }

  /** False when it is some account's already. @throws AUTH_TOO_MANY */
  async add(user: string, provider: string, identity: Identity): Promise<boolean> {
    const { rows, clock } = this.#parts
    await this.account(identity)
    if ((await this.of(user)).links.length >= most) throw AuthErrors.TOO_MANY()
    const id = subjectOf(identity)
    const name = identity.handle ?? identity.name
    const row: Credential = {
      user,
      method,
      id,
      subject: id,
      secret: provider,
      at: clock.now(),
      ...(name ? { name } : {}),
    }
    return (await rows.insert(row)) === 'inserted'
  }

  /** As the first way in of an account that is being made. */
  first(provider: string, identity: Identity): FirstWay {
    return {
      check() {},
      set: (user) => this.add(user, provider, identity),
      remove: async (user) => void (await this.#parts.rows.take({ user, method, id: subjectOf(identity) })),
    }
  }
}

const subjectOf = ({ issuer, subject }: Identity) => digest(`${issuer}\0${subject}`)
