import test from 'ava'
import { Progress } from '#src/progress.js'

function progress(tty: boolean) {
  let [said, time] = ['', 0]
  const shown = new Progress({ err: (text) => void (said += text), tty, now: () => time })
  return {
    shown,
    said: () => said,
    pass: (ms: number) => void (time += ms),
  }
}

test('elsewhere than on a terminal it says a line every three seconds', (t) => {
  const { shown, said, pass } = progress(false)
  shown.tell('kv', 200, 'copied')
  pass(1_000)
  shown.tell('entry', 200, 'copied')
  t.is(said(), '')
  pass(3_000)
  shown.tell('entry', 1_600, 'copied')
  t.is(said(), 'copied    entry         1,800 lines, 500 lines/s\n')
  shown.tell('entry', 200, 'copied')
  pass(3_000)
  shown.tell('model', 1, 'compared')
  shown.end()
  t.is(said().split('\n').length, 3, said())
  t.regex(said(), /^compared {2}model {9}1 lines, /m)
})

test('on a terminal it writes over one line, and takes it away at the end', (t) => {
  const { shown, said, pass } = progress(true)
  for (let i = 0; i < 10; i++) {
    pass(50)
    shown.tell('entry', 100, 'copied')
  }
  t.is(said().split('\r').length, 6, said())
  t.notRegex(said(), /\n/)
  shown.end()
  t.true(said().endsWith('\r\u001b[K'))
})
