import type { NatterError } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import type { CommandContext } from '../kernel/context.js'
import type { Logger } from '../kernel/logger.js'
import type { Pipeline } from '../pipeline/pipeline.js'
import { request, send } from '../protocol/frames.js'
import { newId } from '../protocol/id.js'
import type { Limits } from '../protocol/limits.js'
import type { Clock } from '../services/clock.js'
import type { Ack } from '../services/conversations.js'
import { outward } from './error-shape.js'
import type { LiveConnection } from './live-connection.js'
import { isRequest } from './is-request.js'
import { isSend } from './is-send.js'
import { BadFrame, parseFrame } from './parse-frame.js'
import type { Frame } from './parse-frame.js'
import type { PeerEvents } from './peer.js'
import type { ConnectionRegistry } from './registry.js'
import { isRequestId } from './request-id.js'
import type { CommandRunner, RunnableCommand } from './run-command.js'
import { textFrame } from './text-frame.js'

export interface SessionParts {
  readonly clock: Clock
  readonly limits: Limits
  readonly log: Logger
  readonly registry: ConnectionRegistry
  readonly pipeline: Pipeline
  readonly commands: CommandRunner
  /** The server drains: no new requests. */
  readonly draining: () => boolean
  readonly fault: (error: unknown, requestId: string | undefined) => void
  readonly closed: (connection: LiveConnection, code: number) => void
}

/** An authenticated connection's frames: each request gets exactly one answer. */
export class Session implements PeerEvents {
  readonly #parts: SessionParts
  readonly #connection: LiveConnection

  constructor(parts: SessionParts, connection: LiveConnection) {
    this.#parts = parts
    this.#connection = connection
  }

  text(data: string): void {
    const { clock, limits } = this.#parts
    const connection = this.#connection
    if (!connection.open) return
    const now = clock.monotonic()
    connection.heardAt = now
    const wait = connection.frames.take(now, limits.frameBurst, limits.framesPerSecond)
    if (wait > 0 && connection.frames.flooded(limits.frameBurst)) {
      const { user, session, ip } = connection
      this.#parts.log.warn({ user, session, ip }, 'a connection was closed for its flood of frames')
      return connection.close(4429, 'far too many frames')
    }
    try {
      this.#frame(parseFrame(data, limits), wait)
    } catch (error) {
      if (error instanceof BadFrame) return connection.close(4400, error.message.slice(0, 120))
      this.#parts.fault(error, undefined)
      connection.close(4500, 'internal')
    }
  }

  alive(): void {
    this.#connection.heardAt = this.#parts.clock.monotonic()
  }

  closed(code: number): void {
    this.#connection.ended()
    this.#parts.closed(this.#connection, code)
  }

  #frame(frame: Frame, wait: number): void {
    switch (frame[0]) {
      case 's':
        return this.#send(frame, wait)
      case 'q':
        return this.#request(frame, wait)
      case 'p':
        return this.#connection.pushText('["o"]')
      case 'o':
        return undefined
      case 'hello':
        throw new BadFrame('hello came twice')
      default:
        // A kind of a later version: a request is answered, so that its sender does not wait.
        if (isRequestId(frame[1]))
          this.#refuse(frame[1], NatterErrors.UNKNOWN_COMMAND({ details: { kind: frame[0].slice(0, 16) } }))
        return undefined
    }
  }

  #send(frame: Frame, wait: number): void {
    if (!isSend(frame)) return this.#invalid(frame, send.safeParse(frame).error?.issues ?? [])
    const [, rid, to, clientId, body] = frame
    const { registry, pipeline } = this.#parts
    const connection = this.#connection
    if (!this.#begin(rid)) return
    pipeline
      .send({
        from: connection.user,
        device: connection.device,
        connection: connection.id,
        to,
        clientId,
        body,
        limit: () => {
          const messageWait = wait || registry.mayMessage(connection.user)
          if (messageWait > 0) throw NatterErrors.RATE_LIMITED({ retryAfterMs: messageWait })
        },
        acked: (ack, place) => connection.pushText(ackText(rid, ack, place.named)),
      })
      .then(
        () => this.#end(),
        (error: unknown) => {
          this.#end()
          this.#refuse(rid, error)
        },
      )
  }

  #request(frame: Frame, wait: number): void {
    if (!isRequest(frame)) return this.#invalid(frame, request.safeParse(frame).error?.issues ?? [])
    const [, rid, name, input, key] = frame
    if (wait > 0) return this.#refuse(rid, NatterErrors.RATE_LIMITED({ retryAfterMs: wait }))
    let runnable: RunnableCommand
    try {
      runnable = this.#parts.commands.find(name)
    } catch (error) {
      return this.#refuse(rid, error)
    }
    if (!this.#begin(rid)) return
    const run = () => this.#run(runnable, rid, input, key)
    if (!runnable.command.bulk) void run().then((answer) => this.#connection.push(answer))
    else if (!this.#connection.bulk(run)) {
      this.#end()
      this.#refuse(rid, NatterErrors.BUSY({ message: 'Too many pages asked for at once. Wait for an answer.' }))
    }
  }

  async #run(runnable: RunnableCommand, rid: number, input: unknown, key: string | undefined): Promise<Buffer> {
    const connection = this.#connection
    let requestId: string | undefined
    const context: CommandContext = {
      user: { id: connection.user },
      device: connection.device,
      session: connection.session,
      connection,
      // most requests end well, and nobody asks for it
      get requestId() {
        return (requestId ??= newId())
      },
      key,
    }
    try {
      return textFrame(`["ok",${rid},${await this.#parts.commands.run(runnable, input, context)}]`)
    } catch (error) {
      return textFrame(this.#refusal(rid, error, context.requestId))
    } finally {
      this.#end()
    }
  }

  #begin(rid: number): boolean {
    if (this.#parts.draining()) {
      this.#refuse(rid, NatterErrors.DRAINING())
      return false
    }
    if (this.#connection.inFlight >= this.#parts.limits.requestsInFlight) {
      this.#refuse(rid, NatterErrors.BUSY({ message: 'Too many requests under way on this connection.' }))
      return false
    }
    this.#connection.inFlight += 1
    return true
  }

  #end(): void {
    this.#connection.inFlight -= 1
  }

  #invalid(frame: Frame, issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): void {
    if (!isRequestId(frame[1])) throw new BadFrame(`a "${frame[0]}" frame without a request id`)
    const details = issues.slice(0, 8).map(({ path, message }) => ({ path: path.map(String), message }))
    this.#refuse(frame[1], NatterErrors.INVALID({ message: 'The frame has not the shape of its kind.', details }))
  }

  #refuse(rid: number, error: unknown): void {
    this.#connection.pushText(this.#refusal(rid, error, undefined))
  }

  #refusal(rid: number, error: unknown, requestId: string | undefined): string {
    const { shape, fault } = outward(error as NatterError, requestId)
    if (fault) this.#parts.fault(error, shape.requestId)
    return `["no",${rid},${JSON.stringify(shape)}]`
  }
}

function ackText(rid: number, ack: Ack, named: boolean): string {
  const conversation = named ? `,"${ack.conversation}"` : ''
  return ack.durability === 'committed'
    ? `["a",${rid},${ack.seq},${ack.at}${conversation}]`
    : `["r",${rid},${ack.devices},${ack.at}${conversation}]`
}
