import type { SendState } from './api/messages.js'
import type { Sending, Sent } from './api/outbox.js'
import type { ClientError } from './errors.js'
import type { Thread } from './thread.js'

export interface Progress {
  readonly sending: Sending
  sent(result: Sent): void
  failed(error: ClientError): void
  /** It is tried again: who looks at `sent` now waits anew. */
  again(): void
}

/** One message's way, as its sender sees it. */
export function createProgress(id: string, thread: Thread): Progress {
  let state: SendState = 'queued'
  let error: ClientError | undefined
  let outcome: Sent | undefined
  let promise: Promise<Sent> | undefined
  let settle = () => {}

  const shown = () => thread.messages.get().find((message) => message.own && message.clientId === id)

  function wait(): Promise<Sent> {
    const made = new Promise<Sent>((resolve, reject) => {
      settle = () => {
        if (outcome) resolve(outcome)
        else if (error) reject(error)
      }
      settle()
    })
    // Who does not look at it must not be told of it.
    made.catch(() => {})
    return made
  }

  return {
    sending: {
      id,
      conversation: thread.id,
      get state() {
        return (shown()?.state as SendState | undefined) ?? state
      },
      get error() {
        return error ?? shown()?.error
      },
      get sent() {
        return (promise ??= wait())
      },
      subscribe: (listener) => thread.info.subscribe(listener),
    },
    sent(result) {
      state = 'sent'
      outcome = result
      settle()
    },
    failed(reason) {
      state = 'failed'
      error = reason
      settle()
    },
    again() {
      state = 'queued'
      error = promise = undefined
    },
  }
}
