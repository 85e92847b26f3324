import test from 'ava'
import { setUp } from './harness.js'

/** The code and the whole text of what the kernel says, as a person reads it. */
export const refused = test.macro({
  async exec(t, plugins: () => readonly unknown[], code: string, message: string) {
    t.like(await t.throwsAsync(setUp(plugins())), { code, message })
  },
  title: (given = '') => given,
})
