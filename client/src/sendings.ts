import type { SendState } from './api/messages.js'
import type { Sending, Sent } from './api/outbox.js'
import type { ClientError } from './errors.js'
import type { Kept } from './outbox.js'
import type { Thread } from './thread.js'

type Key = Pick<Kept, 'conversation' | 'id'>

interface Progress {
  readonly sending: Sending
  sent(result: Sent): void
  failed(error: ClientError): void
  again(): void
}

export interface Sendings {
  /** The sending of a message that is in the outbox. */
  of(kept: Key, thread: Thread): Sending
  sent(kept: Key, result: Sent): void
  failed(kept: Key, error: ClientError): void
  /** It is tried again: who looks at `sent` now waits anew. */
  again(kept: Key): void
  /** Rejects all that wait. */
  stop(error: ClientError): void
}

const keyOf = ({ conversation, id }: Key) => `${conversation}/${id}`

/** What `send` gave to the app, for as long as it can change. */
export function createSendings(): Sendings {
  const open = new Map<string, Progress>()
  return {
    of(kept, thread) {
      const known = open.get(keyOf(kept))
      if (known) return known.sending
      const progress = createProgress(kept, thread)
      open.set(keyOf(kept), progress)
      return progress.sending
    },
    sent(kept, result) {
      open.get(keyOf(kept))?.sent(result)
      open.delete(keyOf(kept))
    },
    failed: (kept, error) => open.get(keyOf(kept))?.failed(error),
    again: (kept) => open.get(keyOf(kept))?.again(),
    stop(error) {
      for (const progress of open.values()) progress.failed(error)
      // Who asks again, asks for what comes after.
      open.clear()
    },
  }
}

function createProgress({ id, conversation }: Key, thread: Thread): Progress {
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
      conversation,
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
