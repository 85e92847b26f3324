import test from 'ava'
import { StorageErrors } from '@natter/core/contract'
import { SettledMarks } from '#src/server/settled-marks.js'

const query = (sql: string) => ({ sql, bindings: [] })
const settling = { mark: query('mark'), settle: query('settle') }

/** Commits that end when the test says so. */
function commits() {
  const under: { readonly sql: string; readonly end: () => void; readonly fail: (error: unknown) => void }[] = []
  const marks = new SettledMarks(
    settling,
    ({ sql }) => new Promise<void>((end, fail) => void under.push({ sql, end, fail })),
  )
  const next = async (count: number) => {
    while (under.length < count) await new Promise((resolve) => setImmediate(resolve))
    return under[count - 1]!
  }
  return { marks, under, next }
}

test('what is known to be committed is not committed behind again', async (t) => {
  const { marks, under } = commits()
  marks.note(7)
  marks.note(3)
  await marks.reach(7)
  t.is(under.length, 0)
})

test('all who wait share a commit; who comes while it is under way needs the next one', async (t) => {
  const { marks, under, next } = commits()
  const first = [marks.reach(1), marks.reach(3), marks.reach(2)]
  const { sql, end } = await next(1)
  t.is(sql, 'settle')
  let late = false
  const last = marks.reach(4).then(() => (late = true))
  end()
  await Promise.all(first)
  t.false(late)
  ;(await next(2)).end()
  await last
  await marks.reach(4)
  t.is(under.length, 2)
})

test('a server that is read-only has nothing under way; one that is full or cannot be asked answers nothing', async (t) => {
  const readOnly = commits()
  const reached = readOnly.marks.reach(1)
  ;(await readOnly.next(1)).fail(StorageErrors.READ_ONLY())
  await t.notThrowsAsync(reached)
  for (const error of [StorageErrors.FULL(), StorageErrors.UNAVAILABLE()]) {
    const { marks, next } = commits()
    const reached = marks.reach(1)
    ;(await next(1)).fail(error)
    await t.throwsAsync(reached, { code: error.code })
    const again = marks.reach(1)
    ;(await next(2)).end()
    await t.notThrowsAsync(again)
  }
})
