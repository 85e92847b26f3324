/**
 * The people of a conversation at one membership version; it never changes. A few are an array; more are a set that shares
 * what it can with the one before, so that neither a send nor a join copies or reads all of them.
 */
export interface People extends Iterable<string> {
  readonly length: number
  includes(user: string): boolean
}
/** Who comes and who goes. */
export interface PeopleChange {
  readonly join?: readonly { readonly user: string }[]
  readonly leave?: readonly string[]
}

/** Up to so many are an array. */
const few = 64
/** So many changes are kept beside the set that they change; then it is written anew. */
const mostBeside = 512

class ManyPeople implements People {
  readonly length: number
  readonly #base: ReadonlySet<string>
  readonly #joined: ReadonlySet<string>
  readonly #left: ReadonlySet<string>

  constructor(base: ReadonlySet<string>, joined: ReadonlySet<string>, left: ReadonlySet<string>) {
    this.#base = base
    this.#joined = joined
    this.#left = left
    this.length = base.size + joined.size - left.size
  }

  includes(user: string): boolean {
    return this.#joined.has(user) || (this.#base.has(user) && !this.#left.has(user))
  }

  *[Symbol.iterator](): Iterator<string> {
    for (const user of this.#base) if (!this.#left.has(user)) yield user
    yield* this.#joined
  }

  after({ leave = [], join = [] }: PeopleChange): People {
    const joined = new Set(this.#joined)
    const left = new Set(this.#left)
    for (const user of leave) if (!joined.delete(user) && this.#base.has(user)) left.add(user)
    for (const { user } of join) if (!left.delete(user) && !this.#base.has(user)) joined.add(user)
    const next = new ManyPeople(this.#base, joined, left)
    return joined.size + left.size > mostBeside || next.length <= few ? peopleOf(next) : next
  }
}

/** People by their ids, each once. */
export function peopleOf(users: Iterable<string>): People {
  const all = new Set(users)
  return all.size <= few ? [...all] : new ManyPeople(all, new Set(), new Set())
}

/** Those that are there after a change. Who joins and leaves at once is there. */
export function peopleAfter(people: People, change: PeopleChange): People {
  if (people instanceof ManyPeople) return people.after(change)
  const users = new Set(people)
  for (const user of change.leave ?? []) users.delete(user)
  for (const { user } of change.join ?? []) users.add(user)
  return peopleOf(users)
}
