import { keyOf } from './history.js'
import type { Given, History, Probe } from './history.js'

type Frame = readonly unknown[]
type Asked =
  | { readonly kind: 'send'; readonly given: Given }
  | { readonly kind: 'probe'; readonly probe: Probe }
  | {
      readonly kind: 'command'
      readonly name: string
      readonly input: Readonly<Record<string, unknown>>
      readonly at: number
    }
  | { readonly kind: 'stranger' }

interface State {
  readonly id: string
  readonly head: number
  readonly me: { readonly read: number; readonly received: number }
  readonly members?: readonly { readonly user: string; readonly read: number; readonly received: number }[]
}

/** Writes down what goes over one connection of one user. */
export class Tap {
  readonly #history: History
  readonly #user: string
  readonly #asked = new Map<unknown, Asked>()

  constructor(history: History, user: string) {
    this.#history = history
    this.#user = user
  }

  /** The device sends. */
  out(frame: Frame): void {
    if (frame[0] === 's') this.#asked.set(frame[1], this.#send(frame))
    if (frame[0] === 'q') {
      const [, rid, name, input] = frame as [string, number, string, Record<string, unknown>]
      this.#asked.set(rid, { kind: 'command', name, input, at: this.#history.tick() })
    }
  }

  #send([, , to, clientId, body]: Frame): Asked {
    const history = this.#history
    const conversation =
      typeof to === 'string' ? to : history.conversation(this.#user, (to as { readonly user: string }).user)
    const key = keyOf(conversation, this.#user, clientId as string)
    const given = history.given.get(key)
    if (!given) {
      history.oddities.push(`${this.#user} sent a message that nobody gave: ${key}`)
      return { kind: 'stranger' }
    }
    if ((body as { readonly text?: unknown }).text !== given.text) {
      const probe: Probe = { key, answer: undefined }
      history.probes.push(probe)
      return { kind: 'probe', probe }
    }
    given.sentAt ??= history.tick()
    return { kind: 'send', given }
  }

  /** The device receives. */
  in(frame: Frame): void {
    switch (frame[0]) {
      case 'a':
      case 'r':
      case 'ok':
      case 'no':
        return this.#answer(frame)
      case 'm':
        return this.#entry(frame)
      case 'h':
        return void this.#allowed(frame[1] as string, frame)
      case 'e':
        return this.#event(frame)
    }
  }

  #answer(frame: Frame): void {
    const [kind, rid] = frame
    const asked = this.#asked.get(rid)
    this.#asked.delete(rid)
    const { oddities } = this.#history
    if (!asked) return void oddities.push(`${this.#user} got an answer to nothing: ${JSON.stringify(frame)}`)
    if (asked.kind === 'send') {
      if (kind === 'a') return this.#acked(asked.given, frame)
      if (kind === 'no') return this.#refused(asked.given, frame)
      oddities.push(`${this.#user} got for a send: ${JSON.stringify(frame)}`)
    }
    if (asked.kind === 'probe') {
      asked.probe.answer = kind === 'no' ? (frame[2] as { readonly code: string }).code : String(kind)
    }
    if (asked.kind === 'command' && kind === 'ok') this.#told(asked, frame[2])
  }

  #acked(given: Given, [, , seq, at, conversation]: Frame): void {
    if (conversation !== undefined && conversation !== given.conversation) {
      this.#history.oddities.push(`an ack names ${JSON.stringify(conversation)} in place of ${given.conversation}`)
    }
    given.acks.push({ seq: seq as number, at: at as number, tick: this.#history.tick() })
  }

  #refused(given: Given, [, , shape]: Frame): void {
    const { code, retryable } = shape as { readonly code: string; readonly retryable?: boolean }
    if (retryable !== true) given.refusals.push(code)
  }

  /** Marks and heads in what a command answered. */
  #told({ name, input, at }: Asked & { kind: 'command' }, output: unknown): void {
    const answer = output as Record<string, unknown>
    if (name === 'offline.mark') {
      const { read, received } = answer as { read: number; received: number }
      const conversation = input['conversation'] as string
      this.#mark({ conversation, user: this.#user, read, received, head: undefined }, at)
    }
    if (name === 'offline.state') this.#state(answer as unknown as State, at)
    if (name === 'offline.sync') for (const state of answer['conversations'] as State[]) this.#state(state, at)
    if (name === 'offline.page') {
      const conversation = input['conversation'] as string
      this.#history.heads.push({ conversation, head: answer['head'] as number, askedAt: at })
    }
  }

  #state({ id: conversation, head, me, members = [] }: State, askedAt: number): void {
    this.#allowed(conversation, ['state', conversation])
    this.#history.heads.push({ conversation, head, askedAt })
    this.#mark({ conversation, user: this.#user, read: me.read, received: me.received, head }, askedAt)
    for (const { user, read, received } of members) this.#mark({ conversation, user, read, received, head }, askedAt)
  }

  #mark(
    mark: { conversation: string; user: string; read: number; received: number; head: number | undefined },
    askedAt: number | undefined,
  ): void {
    this.#history.marks.push({ ...mark, askedAt, tick: this.#history.tick() })
  }

  #entry(frame: Frame): void {
    const [, conversation, seq, , from, at, clientId, body] = frame as [
      string,
      string,
      number,
      number,
      string,
      number,
      string,
      { readonly text?: string },
    ]
    if (!this.#allowed(conversation, frame)) return
    this.#history.pushed.push({ user: this.#user, conversation, seq, from, clientId, text: body.text ?? '', at })
  }

  #event(frame: Frame): void {
    if (frame[1] !== 'offline.marked') return
    const { conversation, user, read, received } = frame[2] as {
      conversation: string
      user: string
      read: number
      received: number
    }
    if (this.#allowed(conversation, frame))
      this.#mark({ conversation, user, read, received, head: undefined }, undefined)
  }

  #allowed(conversation: string, frame: Frame): boolean {
    if (this.#history.members(conversation)?.has(this.#user)) return true
    this.#history.leaks.push({ user: this.#user, frame: JSON.stringify(frame).slice(0, 200) })
    return false
  }
}
