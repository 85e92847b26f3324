import type { CloseCode } from '@natter/core/protocol'
import type { LocalCode } from './errors.js'

/** What follows when the server closes: `token` asks for a new token, `later` waits longer, `retry` is the rest. */
export type Verdict = 'retry' | 'later' | 'token' | { readonly stop: LocalCode; readonly message: string }

const wrong = { stop: 'CLIENT_PROTOCOL', message: 'The server found a frame wrong.' } as const

const verdicts: { readonly [code in CloseCode]?: Verdict } = {
  1000: { stop: 'CLIENT_DISCONNECTED', message: 'The server ended the connection.' },
  1003: wrong,
  1007: wrong,
  1009: wrong,
  1013: 'later',
  4400: wrong,
  4401: 'token',
  4403: { stop: 'CLIENT_SIGNED_OUT', message: 'The session has ended. Log in again.' },
  4409: {
    stop: 'CLIENT_TOO_MANY_CONNECTIONS',
    message: 'Too many connections: the oldest was closed.',
  },
  4426: {
    stop: 'CLIENT_OUTDATED',
    message: 'Update the app: the server no longer speaks its protocol.',
  },
  4429: 'later',
}

/** The client's reading of the close codes in `docs/protocol.md`. What is not named here is tried again. */
export function closePolicy(code: number): Verdict {
  return verdicts[code as CloseCode] ?? 'retry'
}
