import type { Word } from './words.js'

/** What somebody tells of themselves, and to whom, by their own setting. */
interface Self {
  presence: 'everyone' | 'friends' | 'nobody'
  invisible: boolean
  /** What they set last, and what of it others are told: not what is set while they are invisible. */
  status: Word | undefined
  told: Word | undefined
}

/** Who knows whom, who has blocked whom, and who sees of whom what. */
export class Circle {
  readonly #friends = new Set<string>()
  readonly #blocks = new Set<string>()
  readonly #selves = new Map<string, Self>()

  self(name: string): Self {
    const known = this.#selves.get(name)
    if (known) return known
    const fresh: Self = { presence: 'friends', invisible: false, status: undefined, told: undefined }
    this.#selves.set(name, fresh)
    return fresh
  }

  befriend(a: string, b: string): void {
    this.#friends.add(pairOf(a, b))
  }
  part(a: string, b: string): void {
    this.#friends.delete(pairOf(a, b))
  }
  /** All who are friends, each pair once. */
  pairs(): readonly (readonly [string, string])[] {
    return [...this.#friends].map((pair) => pair.split(' ') as [string, string])
  }

  block(by: string, whom: string): void {
    this.#blocks.add(`${by} ${whom}`)
  }
  unblock(by: string, whom: string): void {
    this.#blocks.delete(`${by} ${whom}`)
  }

  /** Whether somebody sees of somebody what they tell. */
  sees(viewer: string, subject: string): boolean {
    if (viewer === subject) return true
    const { presence } = this.self(subject)
    if (this.#blocks.has(`${viewer} ${subject}`) || this.#blocks.has(`${subject} ${viewer}`)) return false
    return presence === 'everyone' || (presence === 'friends' && this.#friends.has(pairOf(viewer, subject)))
  }
}

const pairOf = (a: string, b: string) => [a, b].toSorted().join(' ')
