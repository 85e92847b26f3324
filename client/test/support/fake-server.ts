import { directId } from '#src/direct-id.js'
import { welcome } from './bench.js'
import type { Frame, Line, Wire } from './wire.js'

export type Tuple = readonly [seq: number, n: number, from: string, at: number, clientId: string, body: object]
interface Member {
  read: number
  received: number
  floor: number
}
interface Log {
  readonly id: string
  members: Map<string, Member>
  entries: Tuple[]
  /** When it last changed for its members, by the server's counter. */
  mark: number
}
interface Device {
  readonly line: Line
  readonly user: string
}
export type Refusal = { code: string; message: string; retryable?: boolean; retryAfterMs?: number }

/**
 * A server that keeps messages, as small as it can be, for tests of the client: it can break connections at any frame,
 * refuse, turn entries into hints, let them overtake each other, and lose its store.
 */
export class FakeServer {
  logs = new Map<string, Log>()
  devices = new Set<Device>()
  incarnation = 'one'
  mark = 0
  /** Sends that came, in order, repeats included. */
  readonly sends: Frame[] = []
  readonly requests: Frame[] = []
  readonly now: () => number
  plugins: Record<string, number> = { offline: 1 }
  /** Asked for each frame that goes in or out; true breaks the connection there. */
  breaks: (frame: Frame, way: 'in' | 'out') => boolean = () => false
  /** Asked for each live entry: sent as it is, as a hint, late, or not at all. */
  fate: (frame: Frame) => 'live' | 'hint' | 'late' | 'lost' = () => 'live'
  refuse: (send: Frame) => Refusal | undefined = () => undefined
  refuseRequest: (request: Frame) => Refusal | undefined = () => undefined
  pageLimit = 200
  #late: (() => void)[] = []

  constructor(wire: Wire, now: () => number) {
    this.now = now
    wire.onLine = (line) => line.serve((frame) => this.#receive(line, frame))
  }

  /** A message from somebody who is not connected by this test. */
  post(from: string, to: string, text: string | object, clientId = `${from}-${Math.random()}`): Tuple {
    return this.#append(this.#direct(from, to), from, clientId, typeof text === 'string' ? { text } : text, undefined)
  }

  log(a: string, b: string): Tuple[] {
    return this.logs.get(directId(a, b))?.entries ?? []
  }

  /** A copy of everything, to go back to. */
  snapshot() {
    return structuredClone(this.logs)
  }

  /** The store is restored from a copy, and the server started again. */
  restore(logs: Map<string, Log>) {
    this.logs = structuredClone(logs)
    this.incarnation += '+'
    for (const { line } of [...this.devices]) this.cut(line)
  }

  cut(line: Line) {
    for (const device of this.devices) if (device.line === line) this.devices.delete(device)
    line.cut()
  }

  /** All connections break. */
  cutAll() {
    for (const { line } of [...this.devices]) this.cut(line)
  }

  /** What was held back goes out. */
  flushLate() {
    for (const send of this.#late.splice(0).reverse()) send()
  }

  out(line: Line, ...frame: Frame) {
    if (!line.open) return
    if (this.breaks(frame, 'out')) return this.cut(line)
    line.send(...frame)
  }

  #receive(line: Line, frame: Frame) {
    if (this.breaks(frame, 'in')) return this.cut(line)
    const device = [...this.devices].find((each) => each.line === line)
    if (frame[0] === 'hello') return this.#hello(line, frame[1])
    if (!device) return
    if (frame[0] === 's') return this.#send(device, frame)
    if (frame[0] === 'q') return this.#request(device, frame)
    if (frame[0] === 'p') return this.out(line, 'o')
  }

  #hello(line: Line, { token }: { token: string }) {
    const [user = ''] = token.split(':')
    this.devices.add({ line, user })
    const { plugins, incarnation } = this
    this.out(line, 'welcome', welcome({ user, device: token, plugins, incarnation, now: this.now() }))
  }

  #direct(a: string, b: string): Log {
    const id = directId(a, b)
    const member = () => ({ read: 0, received: 0, floor: 0 })
    const log = this.logs.get(id) ?? {
      id,
      members: new Map([a, b].map((user) => [user, member()])),
      entries: [],
      mark: 0,
    }
    this.logs.set(id, log)
    return log
  }

  #send({ line, user }: Device, frame: Frame) {
    this.sends.push(frame)
    const [, rid, address, clientId, body] = frame
    const refusal = this.refuse(frame)
    if (refusal) return this.out(line, 'no', rid, refusal)
    if (!('offline' in this.plugins)) return this.#relay(line, user, frame)
    const log = typeof address === 'string' ? this.logs.get(address) : this.#direct(user, address.user)
    if (!log) return this.out(line, 'no', rid, { code: 'NATTER_NOT_FOUND', message: 'no such conversation' })
    const known = log.entries.find((entry) => entry[2] === user && entry[4] === clientId)
    if (known && JSON.stringify(known[5]) !== JSON.stringify(body)) {
      return this.out(line, 'no', rid, { code: 'NATTER_CONFLICT', message: 'another body' })
    }
    const entry = known ?? this.#append(log, user, clientId, body, line)
    this.out(line, 'a', rid, entry[0], entry[3], ...(typeof address === 'string' ? [] : [log.id]))
  }

  #relay(line: Line, from: string, [, rid, address, clientId, body]: Frame) {
    const id = directId(from, address.user)
    const to = [...this.devices].filter((each) => [from, address.user].includes(each.user) && each.line !== line)
    if (!to.some(({ user }) => user === address.user)) {
      return this.out(line, 'no', rid, { code: 'NATTER_NOBODY_ONLINE', message: 'nobody', retryable: true })
    }
    for (const each of to) this.out(each.line, 'm', id, 0, 0, from, this.now(), clientId, body)
    this.out(line, 'r', rid, to.length, this.now(), id)
  }

  #append(log: Log, from: string, clientId: string, body: object, sender: Line | undefined): Tuple {
    const seq = log.entries.length + 1
    const entry: Tuple = [seq, seq, from, this.now(), clientId, body]
    log.entries.push(entry)
    log.mark = ++this.mark
    Object.assign(log.members.get(from)!, { read: seq, received: seq })
    for (const { line, user } of this.devices) {
      if (line === sender || !log.members.has(user)) continue
      const frame: Frame = ['m', log.id, ...entry]
      const fate = this.fate(frame)
      if (fate === 'live') this.out(line, ...frame)
      if (fate === 'hint') this.out(line, 'h', log.id, seq)
      if (fate === 'late') this.#late.push(() => this.out(line, ...frame))
    }
    return entry
  }

  #state(log: Log, user: string) {
    const me = log.members.get(user)!
    const head = log.entries.length
    const last = log.entries[head - 1]
    return {
      id: log.id,
      kind: 'direct',
      head,
      n: head,
      at: last?.[3] ?? 0,
      me: { ...me },
      unread: head - Math.max(me.read, me.floor),
      members: [...log.members].map(([user, { read, received }]) => ({ user, read, received })),
      ...(last && { last }),
    }
  }

  #request({ line, user }: Device, request: Frame) {
    this.requests.push(request)
    const [, rid, name, input] = request
    const refusal = this.refuseRequest(request)
    if (refusal) return this.out(line, 'no', rid, refusal)
    const answer = this.answers[name as string]?.(user, input)
    if (answer === undefined)
      return this.out(line, 'no', rid, { code: 'NATTER_NOT_FOUND', message: `nothing for ${name}` })
    this.out(line, 'ok', rid, answer)
  }

  readonly answers: Record<string, (user: string, input: any) => object | undefined> = {
    'offline.sync': (user, { cursor }) => {
      const [incarnation, mark] = (cursor ?? `${this.incarnation}.0`).split('.')
      const reset = incarnation !== this.incarnation
      const after = reset ? 0 : Number(mark)
      const changed = [...this.logs.values()]
        .filter((log) => log.members.has(user) && log.mark > after)
        .sort((a, b) => a.mark - b.mark)
      const page = changed.slice(0, 3)
      return {
        cursor: `${this.incarnation}.${page[page.length - 1]?.mark ?? after}`,
        more: changed.length > page.length,
        reset,
        conversations: page.map((log) => this.#state(log, user)),
      }
    },
    'offline.state': (user, { conversation }) => {
      const log = this.logs.get(conversation)
      return log?.members.has(user) ? this.#state(log, user) : undefined
    },
    'offline.page': (user, { conversation, after, before, holds, limit = 50 }) => {
      const log = this.logs.get(conversation)
      if (!log?.members.has(user)) return undefined
      const head = log.entries.length
      const first = log.members.get(user)!.floor + 1
      const most = Math.min(limit, this.pageLimit)
      if (after === undefined) {
        const to = Math.min(head, (before ?? head + 1) - 1)
        return { entries: log.entries.slice(Math.max(first - 1, to - most), to), head, first }
      }
      if (holds !== undefined && log.entries[after - 1]?.[4] !== holds) return { entries: [], head, first, reset: true }
      const from = Math.max(after, first - 1)
      return { entries: log.entries.slice(from, from + most), head, first }
    },
    'offline.mark': (user, { conversation, read = 0, received = 0 }) => {
      const log = this.logs.get(conversation)
      const member = log?.members.get(user)
      if (!log || !member) return undefined
      const head = log.entries.length
      const before = member.read + member.received
      member.read = Math.max(member.read, Math.min(read, head))
      member.received = Math.max(member.received, Math.min(received, head), member.read)
      const marks = { read: member.read, received: member.received }
      const unread = head - member.read
      if (member.read + member.received > before) {
        log.mark = ++this.mark
        for (const device of this.devices) {
          if (!log.members.has(device.user)) continue
          const own = device.user === user && { n: head, unread }
          this.out(device.line, 'e', 'offline.marked', { conversation, user, ...marks, ...own })
        }
      }
      return { ...marks, n: head, unread }
    },
  }
}
