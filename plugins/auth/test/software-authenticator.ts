import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/** What an honest device and browser would do, and each thing that a dishonest one could do instead. */
export interface Deviation {
  readonly origin?: string
  readonly rpId?: string
  readonly challenge?: string
  readonly type?: string
  readonly counter?: number
  readonly userVerified?: boolean
  readonly userPresent?: boolean
  readonly userHandle?: string | null
  readonly key?: KeyObject
}
interface Options {
  readonly challenge: string
  readonly [name: string]: any
}

const base64url = (bytes: Uint8Array | string) => Buffer.from(bytes as Uint8Array).toString('base64url')
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest()

/** The few kinds of CBOR (RFC 8949) that a registration is made of. */
function cbor(value: number | string | Uint8Array | Map<number | string, unknown>): Buffer {
  const head = (major: number, length: number) =>
    length < 24
      ? Buffer.from([(major << 5) | length])
      : length < 256
        ? Buffer.from([(major << 5) | 24, length])
        : Buffer.from([(major << 5) | 25, length >> 8, length & 255])
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value])
  const pairs = [...value].flatMap(([key, item]) => [cbor(key), cbor(item as string)])
  return Buffer.concat([head(5, value.size), ...pairs])
}

/** A passkey in software (WebAuthn Level 3 §6), with ES256 and attestation `none`. */
export class SoftwareAuthenticator {
  readonly id = base64url(randomBytes(32))
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  readonly #origin: string
  readonly #rpId: string
  #userHandle: string | undefined
  #counter = 0

  constructor(origin: string, rpId = new URL(origin).hostname) {
    this.#origin = origin
    this.#rpId = rpId
  }

  /** What `navigator.credentials.create` answers, as JSON. */
  create(options: Options, deviation: Deviation = {}) {
    this.#userHandle = options['user'].id
    const { x, y } = this.#keys.publicKey.export({ format: 'jwk' })
    const key = new Map<number, unknown>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x!, 'base64url')],
      [-3, Buffer.from(y!, 'base64url')],
    ])
    const id = Buffer.from(this.id, 'base64url')
    const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, cbor(key as never)])
    const authData = Buffer.concat([this.#data(deviation, 0x40), attested])
    const attestation = new Map<string, unknown>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', authData],
    ])
    const clientDataJSON = this.#clientData('webauthn.create', options, deviation)
    return this.#credential({
      clientDataJSON: base64url(clientDataJSON),
      attestationObject: base64url(cbor(attestation)),
      transports: ['internal'],
    })
  }

  /** What `navigator.credentials.get` answers, as JSON. */
  get(options: Options, deviation: Deviation = {}) {
    const authenticatorData = this.#data(deviation, 0)
    const clientDataJSON = this.#clientData('webauthn.get', options, deviation)
    const signed = Buffer.concat([authenticatorData, sha256(clientDataJSON)])
    const handle = deviation.userHandle === undefined ? this.#userHandle : deviation.userHandle
    return this.#credential({
      clientDataJSON: base64url(clientDataJSON),
      authenticatorData: base64url(authenticatorData),
      signature: base64url(sign('sha256', signed, deviation.key ?? this.#keys.privateKey)),
      ...(handle ? { userHandle: handle } : {}),
    })
  }

  #credential<R extends object>(response: R) {
    return { id: this.id, rawId: this.id, type: 'public-key', clientExtensionResults: {}, response }
  }

  #data({ rpId = this.#rpId, counter, userVerified = true, userPresent = true }: Deviation, flags: number): Buffer {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(counter ?? ++this.#counter)
    const all = flags | (userPresent ? 1 : 0) | (userVerified ? 4 : 0)
    return Buffer.concat([sha256(rpId), Buffer.from([all]), count])
  }

  #clientData(type: string, options: Options, deviation: Deviation): string {
    const challenge = deviation.challenge ?? options.challenge
    return JSON.stringify({
      type: deviation.type ?? type,
      challenge,
      origin: deviation.origin ?? this.#origin,
      crossOrigin: false,
    })
  }
}
