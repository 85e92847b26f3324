import type { CloseCode } from '@natter/core/protocol'
import type { LocalCode } from './errors.js'

/** What follows when the server closes: `token` asks for a new token, `later` waits longer, `retry` is the rest. */
export type Verdict = 'retry' | 'later' | 'token' | { readonly stop: LocalCode; readonly message: string }

const stop = (stop: LocalCode, message: string): Verdict => ({ stop, message })

/** The client's reading of the close codes in `docs/protocol.md`. Unknown codes are tried again. */
export function closePolicy(code: number): Verdict {
  switch (code as CloseCode) {
    case 1000:
      return stop('CLIENT_DISCONNECTED', 'The server ended the connection.')
    case 1003:
    case 1007:
    case 1009:
    case 4400:
      return stop('CLIENT_PROTOCOL', `The server found a frame of this client wrong (close code ${code}).`)
    case 4403:
      return stop('CLIENT_SIGNED_OUT', 'The session has ended. Log in again.')
    case 4409:
      return stop(
        'CLIENT_TOO_MANY_CONNECTIONS',
        'You are connected too often: the server closed the oldest connection, this one.',
      )
    case 4426:
      return stop('CLIENT_OUTDATED', 'The server no longer speaks the protocol of this client. Update the app.')
    case 4401:
      return 'token'
    case 1013:
    case 4429:
      return 'later'
    case 1001:
    case 1002:
    case 1012:
    case 4408:
    case 4410:
    case 4413:
    case 4500:
      return 'retry'
    default:
      return 'retry'
  }
}
