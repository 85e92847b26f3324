import { generateAuthenticationOptions, verifyAuthenticationResponse } from '@simplewebauthn/server'
import { z } from 'zod'
import type { Logger } from '@natter/core'
import type { AuthenticationAttempt, Authenticated, Authenticator } from '../contract.js'
import { challengeMs, challengeText, liveChallenge } from './challenges.js'
import type { Passkey, PasskeyBook } from './passkey-book.js'
import type { RelyingParty } from './relying-party.js'

const text = z
  .string()
  .regex(/^[A-Za-z0-9_-]*$/)
  .max(8_192)
/** An `AuthenticationResponseJSON`, as `PublicKeyCredential.toJSON()` gives it (WebAuthn Level 3 §5.1). */
const assertion = z.object({
  id: text,
  rawId: text,
  type: z.literal('public-key'),
  clientExtensionResults: z.record(z.string(), z.unknown()).default({}),
  response: z.object({ clientDataJSON: text, authenticatorData: text, signature: text, userHandle: text.nullish() }),
})
type Assertion = z.output<typeof assertion>

/**
 * Logs in with a passkey alone, which then must recognise its owner and counts as two factors; or asks for one after the
 * password.
 */
export function passkeyAuthenticator(book: PasskeyBook, party: RelyingParty, log: Logger): Authenticator {
  return {
    name: 'passkey',
    role: 'either',
    async enrolled(user) {
      const known = await book.of(user)
      if (known.some(({ second }) => second)) return true
      return known.length > 0 && 'instead'
    },
    async begin({ user, now }) {
      const known = user === undefined ? [] : await book.of(user)
      const options = await generateAuthenticationOptions({
        rpID: party.id,
        timeout: challengeMs,
        userVerification: user === undefined ? 'required' : 'discouraged',
        // None for who is not known yet: the person chooses among those that their device has for this site.
        allowCredentials: known.map(({ credential: id, transports }) => ({ id, transports: [...transports] })),
      })
      return { challenge: options, state: challengeText(options.challenge, now) }
    },
    async verify(attempt) {
      const answer = assertion.safeParse(attempt.input['response'])
      const expected = attempt.state === undefined ? undefined : liveChallenge(attempt.state, attempt.now)
      if (!answer.success || expected === undefined) return undefined
      const passkey = await book.byCredential(answer.data.id)
      if (!passkey || !mayProve(passkey, answer.data, attempt)) return undefined
      return prove(passkey, answer.data, expected, attempt)
    },
  }

  async function prove(
    passkey: Passkey,
    answer: Assertion,
    expectedChallenge: string,
    { user }: AuthenticationAttempt,
  ): Promise<Authenticated | undefined> {
    try {
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response: answer as never,
        expectedChallenge,
        expectedOrigin: [...party.origins],
        expectedRPID: party.id,
        requireUserVerification: user === undefined,
        credential: {
          id: passkey.credential,
          publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
          // Compared below, in one step with writing it down.
          counter: -1,
        },
      })
      if (!verified) return undefined
      if (await book.count(passkey, authenticationInfo.newCounter))
        return { user: passkey.user, complete: user === undefined }
      log.warn(
        { user: passkey.user, passkey: passkey.id },
        'a passkey signed with an old counter; it may have been copied',
      )
    } catch (error) {
      log.debug({ err: error }, 'a passkey did not count')
    }
    return undefined
  }
}

/** Alone it must have been made for that, and say whose it is (WebAuthn Level 3 §7.2, step 6). */
function mayProve(passkey: Passkey, { response }: Assertion, { user }: AuthenticationAttempt): boolean {
  const handle = response.userHandle ? Buffer.from(response.userHandle, 'base64url').toString() : undefined
  if (handle !== undefined && handle !== passkey.user) return false
  return user === undefined ? passkey.alone && handle !== undefined : passkey.user === user
}
