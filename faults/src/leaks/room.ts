import type { Word } from './words.js'

/** A conversation, as it must be. Steps are counted: what was written at a step is read by who was there from then on. */
export class Room {
  readonly id: string
  readonly kind: 'direct' | 'group'
  history: 'join' | 'start' = 'join'
  /** Who is in it, and from which step on they read. */
  readonly members = new Map<string, number>()
  readonly invited = new Set<string>()
  readonly asking = new Set<string>()
  readonly banned = new Set<string>()
  /** Who has ever had to do with it. */
  readonly known = new Set<string>()
  name: Word | undefined
  topic: Word | undefined
  /** So long after it was sent a message disappears, ms; 0: it stays. And what says so. */
  timerMs = 0
  timer: Word | undefined

  constructor(id: string, kind: Room['kind']) {
    this.id = id
    this.kind = kind
  }

  enter(user: string, step: number): void {
    this.invited.delete(user)
    this.asking.delete(user)
    if (!this.members.has(user)) this.members.set(user, this.history === 'start' ? 0 : step)
    this.known.add(user)
  }

  leave(user: string): void {
    this.members.delete(user)
  }

  reads(user: string, step: number): boolean {
    const from = this.members.get(user)
    return from !== undefined && step >= from
  }
}

/** A message at its place. A forwarded one carries the words of another, and is a place of its own for them. */
export interface Message {
  readonly room: Room
  readonly seq: number
  readonly step: number
  readonly author: string
  readonly kind: 'text' | 'reply' | 'poll' | 'forward'
  /** In the thread of this message. */
  readonly thread?: number | undefined
  alive: boolean
  /** When it disappears, ms. */
  readonly expires: number | undefined
  /** What it says now. */
  says: readonly Said[]
}

/** A word, and the messages that say it. */
export interface Said {
  readonly word: Word
  readonly places: Message[]
}
