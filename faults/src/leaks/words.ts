/** Something that was written, as a word that nothing else contains, and who may see it now. */
export interface Word {
  readonly text: string
  /** For whoever reads of a leak: what it was, and whose. */
  readonly what: string
  may(user: string): boolean
}

/** How a timer says what it is set to; each is set to another. */
const timer = (ms: number) => `"afterMs":${ms}`
const pattern = /sw\d+ws|"afterMs":\d+/g
const leastTimerMs = 10_000

/** All that was written in a history, each by a word that is recognised wherever it turns up. */
export class Words {
  readonly #all = new Map<string, Word>()
  /** Who might see what, before the step that is under way. */
  #before = new Map<string, ReadonlySet<string>>()

  make(what: string, may: (user: string) => boolean): Word {
    return this.#add(`sw${this.#all.size + 1}ws`, what, may)
  }

  /** A time that no other timer has, and the word that says it. */
  makeTimer(what: string, may: (user: string) => boolean): { readonly afterMs: number; readonly word: Word } {
    const afterMs = leastTimerMs + this.#all.size
    return { afterMs, word: this.#add(timer(afterMs), what, may) }
  }

  #add(text: string, what: string, may: (user: string) => boolean): Word {
    const word = { text, what, may }
    this.#all.set(text, word)
    return word
  }

  /** A step begins: what is under way when it does may still arrive. */
  begin(users: readonly string[]): void {
    this.#before = new Map(
      [...this.#all.values()].map((word) => [word.text, new Set(users.filter((user) => word.may(user)))]),
    )
  }

  /** Words in what a person received that they may see neither now nor when the step began. */
  leaked(user: string, text: string): readonly Word[] {
    const found = new Set(text.match(pattern))
    return [...found].flatMap((each) => {
      const word = this.#all.get(each)
      return !word || word.may(user) || this.#before.get(each)?.has(user) ? [] : [word]
    })
  }

  /** Any of them, to look for. */
  list(): readonly Word[] {
    return [...this.#all.values()]
  }
}
