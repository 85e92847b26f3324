import type { CallOptions, ErrorShape } from '@natter/core/contract'
import type { Platform } from './api/platform.js'
import { ClientError, localError } from './errors.js'
import type { Exchange } from './exchange.js'
import { randomId } from './ids.js'
import { utf8Length } from './utf8.js'
import type { Welcome } from './wire.js'

const defaultTimeoutMs = 30_000
/** Fewer than the server allows at a time, so that sends have room beside them. */
const inFlightLimit = 16

interface Job {
  readonly name: string
  readonly input: string
  readonly key: string | undefined
  sent: boolean
  settle: ((error: ClientError | undefined, output?: unknown) => void) | undefined
}

export interface Requests {
  /**
   * Asks a command. It waits for a connection, is answered once, and if the answer is lost an idempotent one is asked again
   * with the same key.
   *
   * @param options.timeoutMs 0: as long as it takes.
   */
  ask(name: string, input: unknown, options?: CallOptions & { readonly idempotent?: boolean }): Promise<unknown>
  up(welcome: Welcome): void
  down(): void
  start(): void
  /** Rejects all that waits and all that comes, until it is started again. */
  stop(error: ClientError): void
}

export function createRequests(platform: Platform, exchange: Exchange): Requests {
  const queue: Job[] = []
  let welcome: Welcome | undefined
  let stopped: ClientError | undefined
  let inFlight = 0

  function pump() {
    while (welcome && inFlight < inFlightLimit && queue.length) transmit(queue.shift()!, welcome)
  }

  function transmit(job: Job, { plugins, limits }: Welcome) {
    const plugin = job.name.split('.')[0]!
    if (!(plugin in plugins)) {
      const message = `The server has no plugin ${plugin} for ${job.name}.`
      return job.settle?.(localError('NATTER_PLUGIN_ABSENT', message))
    }
    if (utf8Length(job.input) + 256 > limits.frameBytes) {
      return job.settle?.(localError('NATTER_TOO_LARGE', 'It is too large.'))
    }
    inFlight++
    job.sent = true
    const key = job.key ? `,"${job.key}"` : ''
    exchange.begin(
      (id) => `["q",${id},"${job.name}",${job.input}${key}]`,
      (answer) => {
        inFlight--
        if (answer) {
          if (answer[0] === 'ok') job.settle?.(undefined, answer[2])
          else job.settle?.(new ClientError(answer[2] as ErrorShape))
        } else if (!job.key) job.settle?.(unanswered(job, 'NATTER_OUTCOME_UNKNOWN'))
        else if (job.settle) queue.push(job)
        pump()
      },
    )
  }

  const unanswered = ({ name }: Job, code: 'NATTER_TIMEOUT' | 'NATTER_OUTCOME_UNKNOWN' | 'CLIENT_OFFLINE') =>
    localError(code, `${name} was not answered.`, { retryable: code !== 'NATTER_OUTCOME_UNKNOWN' })

  return {
    ask: (name, input, { signal, timeoutMs = defaultTimeoutMs, idempotent } = {}) =>
      new Promise((resolve, reject) => {
        const job: Job = {
          name,
          input: JSON.stringify(input ?? {}),
          key: idempotent ? randomId(platform.randomBytes) : undefined,
          sent: false,
          settle(error, output) {
            job.settle = undefined
            platform.clearTimeout(timer)
            signal?.removeEventListener('abort', abort)
            const place = queue.indexOf(job)
            if (place >= 0) queue.splice(place, 1)
            if (error) reject(error)
            else resolve(output)
          },
        }
        const abort = () => {
          const { reason: cause } = signal as { reason?: unknown }
          job.settle?.(localError('CLIENT_ABORTED', `${name} was aborted.`, { cause }))
        }
        const late = () => {
          const code = job.key ? 'NATTER_TIMEOUT' : 'NATTER_OUTCOME_UNKNOWN'
          job.settle?.(unanswered(job, job.sent ? code : 'CLIENT_OFFLINE'))
        }
        const timer = timeoutMs ? platform.setTimeout(late, timeoutMs) : undefined
        signal?.addEventListener('abort', abort)
        if (stopped) job.settle?.(stopped)
        else if (signal?.aborted) abort()
        else queue.push(job)
        pump()
      }),
    up(next) {
      welcome = next
      pump()
    },
    down() {
      welcome = undefined
    },
    start() {
      stopped = undefined
    },
    stop(error) {
      stopped = error
      for (const job of [...queue]) job.settle?.(error)
    },
  }
}
