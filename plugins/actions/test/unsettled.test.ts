import test from 'ava'
import { Unsettled, noteOf } from '#src/unsettled.js'

const at = 1
const note = (from: string) =>
  noteOf(
    { conversation: 'c', target: 1, change: { what: 'answered', by: from }, entry: { from, clientId: `by-${from}` } },
    at,
  )

/** A message with answers of a, b and c behind it, as 11, 12 and 13, for who sees of that what `sees` says at each look. */
function message(sees: (look: number) => { readonly noted: string; readonly stored: string }) {
  let [looks, dropped] = [0, '']
  let entry = { conversation: 'c', seq: 1, n: 1, from: 'x', clientId: 'x', at, body: '{"text":"root"}', changedBy: 0 }
  const now = () => sees(looks)
  const nothing = async () => undefined
  const unsettled = new Unsettled({
    rows: {
      page: async () => {
        looks++
        return { rows: [...now().noted].filter((from) => !dropped.includes(from)).map(note) }
      },
      take: async ({ sender }: { sender: string }) => void (dropped += sender),
    },
    storage: {
      log: {
        find: async (_: string, from: string) =>
          now().stored.includes(from) ? { seq: 11 + 'abc'.indexOf(from), n: 2, at, digest: '' } : undefined,
        range: async () => [entry],
        rewrite: async (_: string, _seq: number, { body, by }: { body: string; by: number }) => {
          entry = { ...entry, body, changedBy: by }
          return true
        },
      },
    },
    rewriting: async () => [],
    traces: { keep: nothing, follow: nothing, forget: nothing, erase: nothing },
  } as never)
  return { unsettled, thread: () => (JSON.parse(entry.body) as { acts?: unknown }).acts, dropped: () => dropped }
}

for (const [what, first] of [
  ['was not stored yet when it was looked for', { noted: 'ab', stored: 'b' }],
  ['was not even noted when the notes were read', { noted: 'b', stored: 'b' }],
] as const) {
  test(`an answer that ${what} is counted, though one behind it was found`, async (t) => {
    const { unsettled, thread, dropped } = message((look) => (look === 1 ? first : { noted: 'ab', stored: 'ab' }))
    await unsettled.settled('c', 1)
    t.deepEqual(thread(), { thread: { count: 2, last: 12 } })
    t.is([...dropped()].toSorted().join(''), 'ab')
  })
}

test('what came only after the look that is gone by waits for the next one, as another may have come before it', async (t) => {
  const { unsettled, thread, dropped } = message((look) => {
    if (look === 1) return { noted: 'ac', stored: 'a' }
    return look === 2 ? { noted: 'ac', stored: 'abc' } : { noted: 'abc', stored: 'abc' }
  })
  await unsettled.settled('c', 1)
  t.deepEqual(thread(), { thread: { count: 1, last: 11 } })
  t.is(dropped(), 'a')
  await unsettled.settled('c', 1)
  t.deepEqual(thread(), { thread: { count: 3, last: 13 } })
})
