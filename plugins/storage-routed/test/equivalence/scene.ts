import { newId } from '@natter/core'
import type { Device } from './halves.js'
import { kindOf } from './kinds.js'
import type { Person, Town } from './town.js'

/** Where people are together, and what is to be compared there. */
export class Scene {
  readonly town: Town
  /** Whose devices are compared, at one that acts; their friend, who owns every group; and another member. */
  readonly me: Device
  readonly pal: Device
  readonly mia: Device
  readonly #stan: Person
  readonly #places = new Set<string>()
  readonly #groups = new Set<string>()
  readonly #told = new Set<string>()
  readonly #open: Device[] = []
  #made = 0
  conversation = ''
  group = ''

  static async open(town: Town, events: readonly string[]): Promise<Scene> {
    const [stan, pal, mia] = [await town.register(), await town.register(), await town.register()]
    const scene = new Scene(town, stan, pal.hand, mia.hand)
    await scene.#begin(events)
    return scene
  }

  private constructor(town: Town, stan: Person, pal: Device, mia: Device) {
    this.town = town
    this.#stan = stan
    this.me = stan.hand
    this.pal = pal
    this.mia = mia
    this.#open.push(this.me, pal, mia)
  }

  async #begin(events: readonly string[]): Promise<void> {
    const { me, pal } = this
    await me.friends.request({ user: pal.id })
    await pal.friends.accept({ user: me.id })
    this.conversation = this.place(me.direct(pal.id).id)
    await me.direct(pal.id).send({ text: 'hello' }).sent
    this.group = await this.room()
    // What is told to a device that only listens.
    const ear = await this.device()
    ear.presence.of(pal.id).subscribe(() => undefined)
    for (const name of events)
      ear.on(name as 'friends.changed', (told: object) => void this.#told.add(kindOf(name, told)))
  }

  /** One more device of who is compared. */
  async device(): Promise<Device> {
    const device = await this.#stan.device([this.me.id, ...this.seen])
    this.#open.push(device)
    return device
  }

  /** Whose presence is compared. */
  get seen(): readonly string[] {
    return [this.pal.id, this.mia.id]
  }
  get places(): readonly string[] {
    return [...this.#places]
  }
  get groups(): readonly string[] {
    return [...this.#groups]
  }

  /** A conversation that is compared. */
  place(id: string): string {
    this.#places.add(id)
    return id
  }

  /** A group of my friend's, with me and with Mia unless others are named. */
  async room(settings: object = {}, members: readonly Device[] = [this.me, this.mia]): Promise<string> {
    const { group } = await this.pal.groups.create({ key: this.key(), settings: { name: 'Room', door: 'open' } })
    this.hold(group)
    for (const member of members) await member.groups.join({ group })
    if (Object.keys(settings).length > 0) await this.pal.groups.set({ group, settings })
    return group
  }

  /** A group that is compared. */
  hold(group: string): string {
    this.#groups.add(group)
    return this.place(group)
  }

  /** Somebody new. */
  async newcomer(): Promise<Device> {
    const { hand } = await this.town.register()
    this.#open.push(hand)
    return hand
  }

  /** Nobody is there any more. */
  async close(): Promise<void> {
    for (const device of this.#open) await device.close()
  }

  key(): string {
    return `k${(this.#made += 1)}`
  }

  /** Sends a message; where it is. */
  async say(who: Device, conversation: string, body: object = { text: 'words' }) {
    const sent = await who.conversation(conversation).send(body as { text: string }, { id: newId() }).sent
    return { conversation, seq: (sent as { readonly seq: number }).seq }
  }

  /** What was told, and what is in the logs. */
  async happened(): Promise<ReadonlySet<string>> {
    const { log } = this.town.storage
    const found = new Set(this.#told)
    for (const place of this.#places) {
      for (let from = 1; ;) {
        const entries = await log.range(place, { from, to: Number.MAX_SAFE_INTEGER, limit: 200, bytes: 1_000_000 })
        if (entries.length === 0) break
        for (const { body, seq } of entries) {
          from = seq + 1
          // Nothing is left of what somebody wrote who was erased.
          if (body === '') continue
          const { type = 'text', ...fields } = JSON.parse(body) as { readonly type?: string }
          found.add(kindOf(type, fields))
        }
      }
    }
    return found
  }
}
