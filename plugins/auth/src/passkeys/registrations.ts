import { generateRegistrationOptions, verifyRegistrationResponse } from '@simplewebauthn/server'
import { NatterErrors } from '@natter/core'
import type { Principal } from '@natter/core'
import { AuthErrors } from '../contract.js'
import type { Proof } from '../fresh-proof.js'
import type { WayDesk } from '../way.js'
import { challengeMs } from './challenges.js'
import type { Passkey, PasskeyBook } from './passkey-book.js'
import type { RelyingParty } from './relying-party.js'
import type { PasskeyRow, RegistrationResponse } from './routes.js'

interface Pending {
  readonly challenge: string
  readonly second: boolean
}
const pendingKey = ({ session }: Principal) => `passkey:${session}`

/** Adds passkeys to accounts, names and removes them. */
export class Registrations {
  readonly #desk: WayDesk
  readonly #book: PasskeyBook
  readonly #party: RelyingParty

  constructor(desk: WayDesk, book: PasskeyBook, party: RelyingParty) {
    this.#desk = desk
    this.#book = book
    this.#party = party
  }

  async list(user: string): Promise<{ passkeys: PasskeyRow[] }> {
    return { passkeys: (await this.#book.of(user)).map(rowOf) }
  }

  async begin(who: Principal, { second, ...proof }: Proof & { readonly second: boolean }) {
    const { accounts, ceremonies, clock, fresh } = this.#desk
    await fresh.confirm(who, proof)
    const account = await accounts.get(who.user)
    if (!account) throw NatterErrors.UNAUTHENTICATED()
    await this.#book.checkRoom(who.user)
    const known = await this.#book.of(who.user)
    const options = await generateRegistrationOptions({
      rpName: this.#party.name,
      rpID: this.#party.id,
      userID: new Uint8Array(Buffer.from(account.id)),
      userName: account.written,
      userDisplayName: account.name,
      timeout: challengeMs,
      excludeCredentials: known.map(({ credential: id, transports }) => ({ id, transports: [...transports] })),
      authenticatorSelection: second
        ? { residentKey: 'discouraged', userVerification: 'discouraged' }
        : { residentKey: 'required', userVerification: 'required' },
    })
    const pending: Pending = { challenge: options.challenge, second }
    await ceremonies.set(pendingKey(who), JSON.stringify(pending), { ttlMs: challengeMs })
    return { options: { ...options }, expiresAt: clock.now() + challengeMs }
  }

  async add(
    who: Principal,
    { response, name }: { readonly response: RegistrationResponse; readonly name?: string | undefined },
  ) {
    const { ceremonies, tries } = this.#desk
    await tries.spend(who.user)
    const text = await ceremonies.take(pendingKey(who))
    if (text === undefined) throw AuthErrors.FLOW_ENDED()
    const pending = JSON.parse(text) as Pending
    const made = await this.#verify(response, pending)
    await this.#book.checkRoom(who.user)
    const passkey = await this.#book.add({
      user: who.user,
      name: name?.trim() || 'Passkey',
      credential: made.id,
      publicKey: Buffer.from(made.publicKey).toString('base64url'),
      counter: made.counter,
      transports: made.transports ?? [],
      alone: !pending.second,
      second: pending.second,
    })
    await tries.forgive(who.user)
    this.#desk.log.info({ user: who.user, way: 'passkey', id: passkey.id }, 'a way to log in was added')
    return rowOf(passkey)
  }

  async #verify(response: RegistrationResponse, { challenge, second }: Pending) {
    try {
      const { registrationInfo } = await verifyRegistrationResponse({
        response: response as never,
        expectedChallenge: challenge,
        expectedOrigin: [...this.#party.origins],
        expectedRPID: this.#party.id,
        requireUserVerification: !second,
      })
      if (registrationInfo) return registrationInfo.credential
    } catch (error) {
      this.#desk.log.debug({ err: error }, 'a passkey was not added')
    }
    throw AuthErrors.PASSKEY_REFUSED()
  }

  /** A name is free to change; what is asked for at a log-in is not. */
  async change(
    who: Principal,
    input: Proof & { readonly id: string; readonly name?: string | undefined; readonly second?: boolean | undefined },
  ) {
    const { id, name, second, ...proof } = input
    if (second !== undefined) await this.#desk.fresh.confirm(who, proof)
    const known = (await this.#book.of(who.user)).find((passkey) => passkey.id === id)
    // A key that starts no log-in would be good for nothing.
    const asked = known?.alone === false ? true : second
    const trimmed = name?.trim()
    return rowOf(
      await this.#book.change(who.user, id, {
        ...(trimmed ? { name: trimmed } : {}),
        ...(asked === undefined ? {} : { second: asked }),
      }),
    )
  }

  async remove(who: Principal, { id, ...proof }: Proof & { readonly id: string }): Promise<{}> {
    await this.#desk.fresh.confirm(who, proof)
    await this.#desk.waysIn.remove(who.user, 'passkey', id)
    this.#desk.log.info({ user: who.user, way: 'passkey', id }, 'a way to log in was removed')
    return {}
  }
}

const rowOf = ({ id, name, createdAt, alone, second }: Passkey): PasskeyRow => ({ id, name, createdAt, alone, second })
