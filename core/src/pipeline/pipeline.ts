import { isDenied, NatterError } from '../contract/index.js'
import type { Address, Append, Awaitable, LogEntry } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import type { MessageContext, Stored } from '../hooks.js'
import type { Ack, Judged } from '../services/conversations.js'
import { erasedBody } from '../erased-body.js'
import { bodyDigest } from './body-digest.js'
import { bodyText } from './body-checks.js'
import type { CheckedBody } from './body-checks.js'
import { entryFrame, headFrame } from './entry-frame.js'
import type { AnyDraft, PipelineParts } from './parts.js'
import { peopleAfter } from './people.js'
import type { People } from './people.js'
import { findPlace } from './place.js'
import type { Place } from './place.js'
import { isPromise, then } from './then.js'

/** One send, from a socket, a plugin or the host. */
export interface Sending {
  readonly from: string
  readonly device: string | undefined
  /** The connection it came by: it gets the ack, and its own live copy only where hooks changed the body. */
  readonly connection: string | undefined
  readonly to: Address
  readonly clientId: string
  readonly body: Readonly<Record<string, unknown>>
  /** Refusals by limits, thrown here so that a retry of something stored still gets its ack. */
  readonly limit?: () => void
  /** Told before anybody gets the message. */
  readonly acked?: (ack: Ack, place: Place) => void
  /** An entry of the system itself: no hooks. */
  readonly system?: boolean
  /** Plugins whose vetoes are not asked, by name. */
  readonly without?: readonly string[]
  readonly counts?: boolean
  /** Of a system entry: the conversation that it opens, and who comes and goes with it. */
  readonly open?: Append['open']
  readonly members?: Append['members']
}

/** An entry of the system, as `Conversations.append` describes it. */
export interface Appending {
  readonly conversation: string
  readonly clientId: string
  readonly body: Readonly<Record<string, unknown>>
  readonly counts: boolean
  readonly open?: Append['open']
  readonly members?: Append['members']
  readonly judgedAt?: number
}

/** A message that passed everything but the store. */
export interface Prepared {
  readonly place: Place
  /** Server time of the judgement, ms. */
  readonly at: number
  /** JSON text of the body after the changes of hooks. */
  readonly body: string
  readonly digest: string
}

/** Where the members are not known who get an entry: they are hinted at it behind it. */
const nobody: People = []
/** How often a send is judged again when the membership changes under it. */
const maxJudgements = 5

/** The way of a message: limits, authorize, change, store, ack, recipients, deliver, after (design §3). */
export class Pipeline {
  readonly #parts: PipelineParts

  constructor(parts: PipelineParts) {
    this.#parts = parts
  }

  /**
   * Sends a message. Resolves when it is committed, or relayed where nothing is stored.
   *
   * @throws NatterError: the refusal of a limit, a hook or the store. A retry of what is stored is never refused.
   */
  async send(sending: Sending): Promise<Ack> {
    try {
      sending.limit?.()
      for (let judged = 0; judged < maxJudgements; judged++) {
        const found = findPlace(this.#parts, sending.from, sending.to, sending.without)
        const place = isPromise(found) ? await found : found
        const ack = await this.#sendTo(place, sending)
        if (ack) return ack
      }
      throw NatterErrors.BUSY({ message: 'The membership of this conversation keeps changing. Try again.' })
    } catch (refusal) {
      // A fault is not a refusal: there the client retries, and the store answers then.
      if (!NatterError.is(refusal) || refusal.status >= 500) throw refusal
      const original = await this.#original(sending)
      if (!original) throw refusal
      sending.acked?.(original.ack, original.place)
      return original.ack
    }
  }

  /** Appends a system entry: no veto, no transform; the client id makes it happen once. */
  async append(entry: Appending): Promise<Ack> {
    const { conversation, clientId, body, counts, open, members, judgedAt } = entry
    const sending: Sending = {
      from: 'system',
      device: undefined,
      connection: undefined,
      to: conversation,
      clientId,
      body,
      system: true,
      counts,
      ...(open && { open }),
      ...(members && { members }),
    }
    for (let judged = 0; judged < maxJudgements; judged++) {
      const { place, seen } = await this.#systemPlace(entry)
      const ack = await this.#sendTo(place, sending)
      if (ack) return this.#tellBehind(place, seen, members, ack)
      if (judgedAt !== undefined) throw NatterErrors.STALE()
    }
    throw NatterErrors.BUSY({ message: 'The membership of this conversation keeps changing. Try again.' })
  }

  /** Where a system entry goes, and whether its members are those of the version that it was judged at. */
  async #systemPlace({ conversation, open, judgedAt }: Appending): Promise<{ place: Place; seen: boolean }> {
    const { members, store } = this.#parts
    const found = await members?.(conversation, undefined)
    if (isDenied(found) || !store || (!found && !open)) throw NatterErrors.NOT_FOUND()
    const seen = judgedAt === undefined || found?.version === judgedAt
    const place: Place = {
      conversation,
      kind: found?.kind ?? open!.kind,
      users: seen ? (found?.users ?? [...new Set(open!.members)]) : nobody,
      version: judgedAt ?? found?.version,
      direct: undefined,
      peer: undefined,
      named: false,
    }
    return { place, seen }
  }

  /**
   * Who leaves may not read the entry that says so; that there is one their devices must learn. Where it was judged at
   * members that this node had not seen, all are hinted: some of those who are there now may have come behind it.
   */
  async #tellBehind({ conversation }: Place, seen: boolean, members: Append['members'], ack: Ack): Promise<Ack> {
    if (ack.durability !== 'committed') return ack
    const to = { except: undefined, hint: undefined }
    const hint = headFrame(conversation, ack.seq)
    if (members?.leave?.length) this.#parts.deliver(members.leave, hint, to)
    if (seen) return ack
    const found = await this.#parts.members?.(conversation, undefined)
    if (found && !isDenied(found)) this.#parts.deliver(found.users, hint, to)
    return ack
  }

  /** Nothing: the membership changed in between, and the send must be judged again. */
  async #sendTo(place: Place, sending: Sending): Promise<Ack | undefined> {
    const parts = this.#parts
    const context = this.#context(place, sending)
    const checked = parts.bodies.check(sending.body)
    const submitted = isPromise(checked) ? await checked : checked
    const passed = this.#hooks(place, sending, submitted, context)
    const body = isPromise(passed) ? await passed : passed
    if (!parts.store) return this.#relay(place, sending, body, context)
    return this.#commit(place, sending, bodyDigest(parts.digestKeys[0]!, submitted.text), submitted, body, context)
  }

  #commit(
    place: Place,
    sending: Sending,
    digest: string,
    submitted: CheckedBody | undefined,
    body: CheckedBody,
    context: MessageContext,
  ): Awaitable<Ack | undefined> {
    const answer = this.#parts.store!(
      {
        conversation: place.conversation,
        from: sending.from,
        clientId: sending.clientId,
        at: context.now,
        body: body.text,
        digest,
        counts: sending.counts ?? true,
        direct: place.direct,
        judgedAt: place.version,
        ...(sending.open && { open: sending.open }),
        ...(sending.members && { members: sending.members }),
      },
      undefined,
    )
    return then(answer, (stored) => {
      if (isDenied(stored)) throw stored.error
      if (!stored) return this.#relay(place, sending, body, context)
      return this.#stored(stored, place, sending, submitted, body, context)
    })
  }

  /** Judges a body and runs its hooks as `send` does, whatever was stored under its id before. @throws as `send` does */
  async judge(sending: Sending): Promise<Judged> {
    const place = await findPlace(this.#parts, sending.from, sending.to, sending.without)
    const submitted = await this.#parts.bodies.check(sending.body)
    const { type, fields } = await this.#hooks(place, sending, submitted, this.#context(place, sending))
    return { kind: place.kind, version: place.version, type, fields }
  }

  /** Judges a message and runs its hooks as `send` does, and stores nothing. @throws NATTER_CONFLICT and as `send` does */
  async prepare(sending: Sending): Promise<Prepared> {
    const found = findPlace(this.#parts, sending.from, sending.to, sending.without)
    const place = isPromise(found) ? await found : found
    const context = this.#context(place, sending)
    const submitted = await this.#parts.bodies.check(sending.body)
    const original = await this.#parts.known?.(
      { conversation: place.conversation, from: sending.from, clientId: sending.clientId },
      undefined,
    )
    if (original && !isDenied(original) && !this.#sameBody(original.digest, submitted)) throw NatterErrors.CONFLICT()
    const body = await this.#hooks(place, sending, submitted, context)
    return { place, at: context.now, body: body.text, digest: bodyDigest(this.#parts.digestKeys[0]!, submitted.text) }
  }

  /**
   * Stores and delivers what was prepared. Nothing: the membership changed in between, so find the place again.
   *
   * @throws NATTER_NOT_FOUND, NATTER_CONFLICT, STORAGE_…
   */
  async settle(
    place: Place,
    prepared: Omit<Prepared, 'place'>,
    from: string,
    clientId: string,
  ): Promise<Ack | undefined> {
    const { type = 'text', ...fields } = JSON.parse(prepared.body) as Record<string, unknown>
    const body: CheckedBody = { type: type as string, fields, text: prepared.body }
    const sending: Sending = {
      from,
      device: undefined,
      connection: undefined,
      to: place.conversation,
      clientId,
      body: fields,
    }
    const context = { ...this.#context(place, sending), now: prepared.at }
    return this.#commit(place, sending, prepared.digest, undefined, body, context)
  }

  #context(place: Place, sending: Sending): MessageContext {
    return {
      user: sending.system ? undefined : { id: sending.from },
      device: sending.device,
      now: this.#parts.clock.now(),
      peer: place.peer,
      kind: place.kind,
      version: place.version,
      counts: sending.counts ?? true,
    }
  }

  /** An empty digest: the content was erased, and any body gets the original ack. */
  #sameBody(digest: string, submitted: CheckedBody): boolean {
    return digest === '' || this.#parts.digestKeys.some((key) => bodyDigest(key, submitted.text) === digest)
  }

  async #stored(
    stored: Stored,
    place: Place,
    sending: Sending,
    submitted: CheckedBody | undefined,
    body: CheckedBody,
    context: MessageContext,
  ): Promise<Ack | undefined> {
    if (stored.status === 'stale') return undefined
    if (stored.status === 'absent') throw NatterErrors.NOT_FOUND()
    if (stored.status === 'conflict') {
      // A digest by an older key is told apart from another body here, where the keys are.
      const original = submitted && (await this.#original(sending, submitted))
      if (!original) throw NatterErrors.CONFLICT()
      sending.acked?.(original.ack, original.place)
      return original.ack
    }
    const ack: Ack = {
      durability: 'committed',
      conversation: place.conversation,
      seq: stored.seq,
      n: stored.n,
      at: stored.at,
    }
    sending.acked?.(ack, place)
    if (stored.status === 'duplicate') {
      // The first copy may have been committed and never sent out: the hint lets devices find it.
      const hint = headFrame(place.conversation, stored.seq)
      this.#parts.deliver(place.users, hint, { except: sending.connection, hint: undefined })
      return ack
    }
    await this.#deliver(
      {
        conversation: place.conversation,
        seq: stored.seq,
        n: stored.n,
        from: sending.from,
        clientId: sending.clientId,
        at: stored.at,
        body: body.text,
      },
      body,
      place,
      // Where hooks changed it the device that sent it holds another body: it gets its copy, behind the ack.
      submitted && body !== submitted ? { ...sending, connection: undefined } : sending,
      context,
    )
    return ack
  }

  /** Asks the vetoes and lets the transforms change the body. */
  #hooks(
    place: Place,
    sending: Sending,
    submitted: CheckedBody,
    context: MessageContext,
  ): CheckedBody | Promise<CheckedBody> {
    // What clients take as the system's word is nobody else's.
    if (submitted.type === erasedBody.type && !sending.system) throw NatterErrors.FORBIDDEN()
    const allow = sending.system ? undefined : this.#allow(sending)
    const change = sending.system ? undefined : this.#parts.change
    if (!allow && !change) return submitted
    return this.#runHooks(draftOf(place, sending, submitted), submitted, allow, change, context)
  }

  #allow({ without }: Sending): PipelineParts['allow'] {
    return without ? this.#parts.allowWithout(without) : this.#parts.allow
  }

  async #runHooks(
    draft: AnyDraft,
    submitted: CheckedBody,
    allow: PipelineParts['allow'],
    change: PipelineParts['change'],
    context: MessageContext,
  ): Promise<CheckedBody> {
    const verdict = await allow?.(draft, context)
    if (isDenied(verdict)) throw verdict.error
    if (!change) return submitted
    const changed = await change(draft, context)
    if (isDenied(changed)) throw changed.error
    if (changed === draft) return submitted
    const { conversation: _c, from: _f, clientId: _i, type, ...fields } = changed
    return { type, fields, text: bodyText(type, fields) }
  }

  async #deliver(
    entry: LogEntry,
    body: CheckedBody,
    place: Place,
    sending: Sending,
    context: MessageContext,
  ): Promise<number> {
    const frame = entryFrame(entry)
    const hint = entry.seq > 0 ? headFrame(entry.conversation, entry.seq) : undefined
    const users = sending.members && place.users !== nobody ? peopleAfter(place.users, sending.members) : place.users
    const reached = this.#parts.deliver(users, frame, { except: sending.connection, hint })
    const { recipients, stored } = this.#parts
    if (recipients || stored) {
      const message: AnyDraft = {
        ...body.fields,
        id: `${entry.conversation}/${entry.seq}`,
        conversation: entry.conversation,
        seq: entry.seq,
        from: entry.from,
        clientId: entry.clientId,
        at: entry.at,
        type: body.type,
      }
      const further = recipients && (await recipients(message, context))
      if (further && further.length > 0) {
        const others = [...new Set(further)].filter((user) => !users.includes(user))
        this.#parts.deliver(others, frame, { except: sending.connection, hint })
      }
      stored?.(message, context)
    }
    return reached
  }

  /** Hands the message to who is connected, and keeps nothing but the memory of the retry. */
  async #relay(place: Place, sending: Sending, body: CheckedBody, context: MessageContext): Promise<Ack> {
    const key = `${sending.from}\0${place.conversation}\0${sending.clientId}`
    const known = this.#parts.relayed.find(key, body.text)
    if (known === 'conflict') throw NatterErrors.CONFLICT()
    if (known) {
      sending.acked?.(known, place)
      return known
    }
    const entry: LogEntry = {
      conversation: place.conversation,
      seq: 0,
      n: 0,
      from: sending.from,
      clientId: sending.clientId,
      at: context.now,
      body: body.text,
    }
    const others = place.peer === undefined ? place.users : [place.peer]
    const devices = this.#parts.deliver(others, entryFrame(entry), { except: sending.connection, hint: undefined })
    if (devices === 0) throw NatterErrors.NOBODY_ONLINE()
    const ack: Ack = { durability: 'relayed', conversation: place.conversation, devices, at: context.now }
    this.#parts.relayed.keep(key, body.text, ack)
    sending.acked?.(ack, place)
    if (place.peer !== sending.from) {
      this.#parts.deliver([sending.from], entryFrame(entry), { except: sending.connection, hint: undefined })
    }
    const { stored } = this.#parts
    if (stored) stored({ ...draftOf(place, sending, body), seq: 0, at: context.now }, context)
    return ack
  }

  /** The ack of what is stored under this key with this body, whatever would now refuse it. */
  async #original(
    sending: Sending,
    submitted?: CheckedBody,
  ): Promise<{ readonly ack: Ack; readonly place: Place } | undefined> {
    const { known, bodies, directIds } = this.#parts
    if (!known) return undefined
    const conversation = typeof sending.to === 'string' ? sending.to : directIds.of(sending.from, sending.to.user)
    const found = await known({ conversation, from: sending.from, clientId: sending.clientId }, undefined)
    if (!found || isDenied(found)) return undefined
    if (!this.#sameBody(found.digest, submitted ?? (await bodies.check(sending.body)))) return undefined
    const ack: Ack = { durability: 'committed', conversation, seq: found.seq, n: found.n, at: found.at }
    const place: Place = {
      conversation,
      kind: '',
      users: [],
      version: undefined,
      direct: undefined,
      peer: undefined,
      named: typeof sending.to !== 'string',
    }
    return { ack, place }
  }
}

function draftOf(place: Place, sending: Sending, body: CheckedBody): AnyDraft {
  return {
    ...body.fields,
    conversation: place.conversation,
    from: sending.from,
    clientId: sending.clientId,
    type: body.type,
  }
}
