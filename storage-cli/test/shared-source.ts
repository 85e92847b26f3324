import { copied } from './captured.js'
import { talk } from './talk.js'
import type { Talk } from './talk.js'
import { tempFiles } from './temp-file.js'

/** What is used of AVA's `test`. */
interface Registers {
  before(run: () => Promise<void>): void
  readonly after: { always(run: () => void): void }
}
/** A store in a file. */
export interface SharedSource {
  readonly url: string
  /** What people remember of it. */
  readonly talked: Talk
  /** The table of what it has. */
  readonly whole: string
}

/** A store that all tests of a file copy from, and none writes to. */
export function sharedSource(test: Registers): SharedSource {
  const file = tempFiles({ teardown: (run) => test.after.always(run) })
  const url = file('source.db')
  const source = { url, talked: undefined as unknown as Talk, whole: '' }
  test.before(async () => {
    source.talked = await talk(url)
    source.whole = await copied(url, file('whole.db'))
  })
  return source
}
