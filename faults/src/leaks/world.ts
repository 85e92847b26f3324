import { actions } from '@natter/actions'
import type { Chat } from '@natter/core'
import { friends } from '@natter/friends'
import { groups } from '@natter/groups'
import { offline } from '@natter/offline'
import { presence } from '@natter/presence'
import { search } from '@natter/search'
import { createTestChat, FakeClock, RawRefusal } from '@natter/testkit'
import type { RawDevice } from '@natter/testkit'
import type { Violation } from '../checks/violation.js'
import { violation } from '../checks/violation.js'
import type { Random } from '../random.js'
import { Circle } from './circle.js'
import { Room } from './room.js'
import type { Message, Said } from './room.js'
import { Words } from './words.js'

/** What is due is gone after so long at the latest, ms. */
const disappearsInMs = 6_000

export const names = ['ann', 'ben', 'cat', 'dan', 'eve', 'fay'] as const

interface Person {
  device: RawDevice
  /** How many frames of this device were looked at. */
  seen: number
  cursor: string | undefined
}
interface Parts {
  readonly random: Random
  readonly clock: FakeClock
  readonly chat: Chat
  readonly device: (token: string) => Promise<RawDevice>
  readonly editionsKept: boolean
}
/** What a command was answered with: its output, or the code of a refusal. */
type Answer = { readonly ok: Readonly<Record<string, unknown>> } | { readonly no: string }

/** Six people on a server with all plugins, and beside it what each of them may know. */
export class World {
  readonly clock: FakeClock
  readonly random: Random
  readonly words = new Words()
  readonly rooms: Room[] = []
  readonly messages: Message[] = []
  readonly people = new Map<string, Person>()
  readonly circle = new Circle()
  /** Links that were made, as who may hand them on has them. */
  readonly links: { readonly room: Room; readonly url: string }[] = []
  readonly violations: Violation[] = []
  /** What a message said before an edit can be read as long as the message can. */
  readonly editionsKept: boolean
  step = 0
  /** What the step under way does, for whoever reads of a leak. */
  doing = ''
  /** Commands that were answered, and that were refused. */
  readonly counts = { ok: 0, no: 0, frames: 0, expired: 0 }
  readonly #chat: Chat
  readonly #device: (token: string) => Promise<RawDevice>
  #made = 0

  static async open(random: Random): Promise<{ world: World; close(): Promise<void> }> {
    const ends: (() => unknown)[] = []
    const editionsKept = random.chance(0.5)
    const history = editionsKept ? 'kept' : 'none'
    const plugins = [offline(), friends(), groups(), presence(), actions({ history }), search()]
    const clock = new FakeClock()
    const { chat, device } = await createTestChat({ teardown: (end) => void ends.push(end) }, { plugins, clock })
    const world = new World({ random, clock, chat: chat as never, device, editionsKept })
    for (const name of names) await world.connect(name)
    return {
      world,
      async close() {
        for (const end of ends.reverse()) await end()
      },
    }
  }

  private constructor({ random, clock, chat, device, editionsKept }: Parts) {
    this.random = random
    this.clock = clock
    this.editionsKept = editionsKept
    this.#chat = chat
    this.#device = device
  }

  /** Connects somebody, or connects them again. */
  async connect(name: string): Promise<void> {
    const before = this.people.get(name)
    if (before) this.look(name)
    before?.device.drop()
    const device = await this.#device(name)
    if (before) Object.assign(before, { device, seen: 0 })
    else this.people.set(name, { device, seen: 0, cursor: undefined })
  }

  /** Whether somebody received what is not theirs: nothing more is learnt by going on. */
  get leaked(): boolean {
    return this.violations.some(({ invariant }) => invariant === 'I5')
  }

  person(name: string): Person {
    return this.people.get(name)!
  }
  someone(): string {
    return this.random.pick(names)
  }
  other(than: string): string {
    return this.random.pick(names.filter((name) => name !== than))
  }
  /** A key or id that nothing had before. */
  key(): string {
    return `k${++this.#made}`
  }

  room(id: string): Room | undefined {
    return this.rooms.find((room) => room.id === id)
  }
  group(): Room | undefined {
    const list = this.rooms.filter(({ kind }) => kind === 'group')
    return list.length > 0 ? this.random.pick(list) : undefined
  }
  /** Most often somebody who is in it, and often who made it. */
  of(room: Room): string {
    const members = [...room.members.keys()]
    if (members.length === 0 || this.random.chance(0.25)) return this.someone()
    return this.random.chance(0.5) ? members[0]! : this.random.pick(members)
  }
  /** One of the last messages. */
  message(): Message | undefined {
    const list = this.messages.slice(-12)
    return list.length > 0 ? this.random.pick(list) : undefined
  }
  direct(a: string, b: string): Room {
    const id = this.#chat.conversations.direct(a, b)
    const known = this.room(id)
    if (known) return known
    const room = new Room(id, 'direct')
    for (const user of [a, b]) {
      room.members.set(user, 0)
      room.known.add(user)
    }
    this.rooms.push(room)
    return room
  }

  /** A word that messages say: whoever reads one of them may see it. */
  said(what: string): Said {
    const places: Message[] = []
    const may = (user: string) => places.some(({ alive, room, step }) => alive && room.reads(user, step))
    return { word: this.words.make(what, may), places }
  }

  /** Notes a message that was acknowledged. */
  note(message: Omit<Message, 'step' | 'alive' | 'expires'>): void {
    const { timerMs } = message.room
    const expires = timerMs > 0 ? this.clock.now() + timerMs : undefined
    const made: Message = { ...message, step: this.step, alive: true, expires }
    for (const { places } of made.says) places.push(made)
    this.messages.push(made)
  }

  /** What has disappeared by now is nowhere from now on. */
  letDisappear(): void {
    const now = this.clock.now()
    for (const message of this.messages) {
      if (!message.alive || message.expires === undefined || message.expires + disappearsInMs > now) continue
      message.alive = false
      this.counts.expired++
    }
  }

  /** Often somebody who has had to do with it and is not in it, or no longer. */
  curious(room: Room): string {
    const outside = [...room.known].filter((name) => !room.members.has(name))
    return outside.length > 0 && this.random.chance(0.4) ? this.random.pick(outside) : this.someone()
  }

  async ask(name: string, command: string, input: object): Promise<Answer> {
    // Who names a conversation knows its id.
    for (const id of [input['conversation' as never], input['group' as never]] as unknown[]) {
      if (typeof id === 'string') this.room(id)?.known.add(name)
    }
    return this.#answer(name, command, this.person(name).device.request(command, input))
  }

  /** Sends a message; where it went, if it did. */
  async send(name: string, to: Room | { readonly user: string }, body: object): Promise<number | undefined> {
    if (to instanceof Room) to.known.add(name)
    const { device } = this.person(name)
    const address = to instanceof Room ? to.id : to
    const sent = device.message(address, body, this.key()).then((frame) => ({ seq: frame[2] }))
    const answer = await this.#answer(name, 'send', sent)
    return 'ok' in answer ? (answer.ok['seq'] as number) : undefined
  }

  async #answer(name: string, what: string, asked: Promise<unknown>): Promise<Answer> {
    try {
      const ok = ((await asked) ?? {}) as Readonly<Record<string, unknown>>
      this.counts.ok++
      return { ok }
    } catch (error) {
      const code = error instanceof RawRefusal ? error.code : String(error)
      const fault = !(error instanceof RawRefusal) || code === 'NATTER_INTERNAL' || code === 'NATTER_HOOK_FAILED'
      this.counts.no++
      if (fault)
        this.violations.push(violation('answered', `${name} ${what}: ${code} (step ${this.step}: ${this.doing})`))
      // A server that closes the connection has not answered; the person comes back.
      if (!(error instanceof RawRefusal)) await this.connect(name)
      return { no: code }
    }
  }

  /** All that is exported of somebody. */
  async exported(name: string): Promise<void> {
    for await (const item of this.#chat.users.export(name)) this.#hold(name, JSON.stringify(item), 'export', true)
  }

  /** Holds what a person's device received since the last look against what they may see. */
  look(name: string): void {
    const person = this.person(name)
    const { frames } = person.device
    // Time flies here; who says nothing for a minute is taken for gone.
    person.device.send(['o'])
    for (; person.seen < frames.length; person.seen++) {
      this.counts.frames++
      const frame = frames[person.seen]!
      this.#hold(name, JSON.stringify(frame), String(frame[0]), false)
    }
  }

  #hold(name: string, text: string, where: string, own: boolean): void {
    const tell = (what: string) =>
      this.violations.push(violation('I5', `${name} received ${what} (${where}, step ${this.step}: ${this.doing})`))
    for (const { text: word, what } of this.words.leaked(name, text)) {
      // What somebody wrote themselves is theirs to have exported, wherever they wrote it, until it is deleted.
      const theirs = this.messages.some(
        (each) => each.author === name && each.alive && each.says.some((said) => said.word.text === word),
      )
      if (!(own && theirs)) tell(`${word}, ${what}`)
    }
    for (const room of this.rooms)
      if (room.kind === 'group' && !room.known.has(name) && text.includes(room.id)) tell(`the id of ${room.id}`)
  }
}
