import test from 'ava'
import { InTurn } from '@natter/core'

test('what is of one key runs one after the other, also behind a failure; other keys do not wait', async (t) => {
  const turns = new InTurn()
  const ran: string[] = []
  let open: (() => void) | undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  const task = (name: string, wait?: Promise<void>) => async () => {
    ran.push(`${name} begins`)
    await wait
    ran.push(`${name} ends`)
    if (name === 'first') throw new Error('no')
    return name
  }
  const first = turns.run('a', task('first', opened))
  const second = turns.run('a', task('second'))
  t.is(await turns.run('b', task('other')), 'other')
  t.deepEqual(ran, ['first begins', 'other begins', 'other ends'])
  open!()
  await t.throwsAsync(first, { message: 'no' })
  t.is(await second, 'second')
  t.deepEqual(ran.slice(3), ['first ends', 'second begins', 'second ends'])
})
