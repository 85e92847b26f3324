import type { ClientApi, Readable } from '@natter/client'
import { followSettings } from '#src/client/follow-settings.js'
import type { OwnSettings, SettingsNews } from '#src/client/held-settings.js'

interface Cell<T> extends Readable<T> {
  set(value: T): void
}
function cell<T>(value: T): Cell<T> {
  const watching = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      value = next
      for (const run of [...watching]) run()
    },
    subscribe(run) {
      watching.add(run)
      return () => watching.delete(run)
    },
  }
}

/** A device whose network a test plays: what it hears and when, and when its questions are answered. */
export class FakeDevice {
  readonly own: Readable<OwnSettings>
  /** News that are on their way to it. */
  readonly coming: SettingsNews[] = []
  readonly #status = cell({ link: 'offline' })
  readonly #handlers = new Map<string, (payload: never) => void>()
  readonly #questions: { readonly answer: () => Promise<void> }[] = []

  constructor(ask: (input: object) => Promise<unknown>) {
    const api = {
      url: '',
      me: cell({ id: 'me' }),
      status: this.#status,
      ask: (_name: string, input: object) => {
        // What is asked is answered by the server at once, and the answer may be long under way.
        const answered = ask(input)
        return new Promise((resolve) => {
          this.#questions.push({ answer: async () => resolve(await answered) })
        })
      },
      call: () => Promise.reject(new Error('is not called')),
      on: (name: string, handler: (payload: never) => void) => {
        this.#handlers.set(name, handler)
        return () => undefined
      },
      cell,
    } as unknown as ClientApi
    this.own = followSettings(api).own
  }

  connect(): void {
    this.#status.set({ link: 'offline' })
    this.#status.set({ link: 'online' })
  }

  /** Hears one of the news that are on their way, which need not be the first. */
  hear(which: number): void {
    const [news] = this.coming.splice(which % Math.max(1, this.coming.length), 1)
    if (news) this.#handlers.get('offline.changed')!(news as never)
  }

  lose(which: number): void {
    this.coming.splice(which % Math.max(1, this.coming.length), 1)
  }

  reset(): void {
    this.#handlers.get('reset')!({ conversation: undefined } as never)
  }

  /** Its oldest question is answered. */
  async answer(): Promise<boolean> {
    const question = this.#questions.shift()
    await question?.answer()
    await new Promise(setImmediate)
    return question !== undefined
  }

  /** Until it asks nothing any more. */
  async settle(): Promise<void> {
    while (await this.answer());
  }
}
