// #region readme
import test from 'ava'
import { findServer } from '@natter/servers'
import { notes } from './notes.js'

// Before the first test is declared: AVA takes none that come later.
const server = await findServer('postgres')
const title = 'a note is kept'
if ('missing' in server) test.skip(`MISSING: ${server.missing}, for "${title}"`, (t) => t.fail())
else {
  test.after.always(() => server.stop())
  test(title, async (t) => {
    const { url, drop } = await server.scratch() // empty, and nobody else's
    t.teardown(drop)
    await notes.postgres.put(url, 'hello')
    t.deepEqual(await notes.postgres.all(url), ['hello'])
  })
}
// #endregion
