import test from 'ava'
import { definePlugin } from '@natter/core'
import { StorageErrors } from '@natter/core/contract'
import type { Records } from '@natter/core/contract'
import { createTestChat } from '@natter/testkit'
import type { TestContext } from '@natter/testkit'
import { bookModel, settingModel } from '@natter/offline/contract'
import { Shelf } from '#src/shelf.js'

type Rows = Records<typeof settingModel>

/** What a node meets before it writes a row in this version. */
interface Weather {
  before?: ((version: number) => void | Promise<void>) | undefined
}

/** Shelves of several nodes on one store; what a node writes may fail or take long. */
async function nodes(t: TestContext, count: number) {
  const weathers = Array.from({ length: count }, () => ({}) as Weather)
  let shelves: Shelf[] = []
  const plugin = definePlugin({
    name: 'shelves',
    models: [settingModel, bookModel],
    setup(api) {
      const rows = api.records(settingModel)
      const books = api.records(bookModel)
      shelves = weathers.map((weather) => {
        const failing = new Proxy(rows, {
          get(target, verb: keyof Rows) {
            const real = target[verb] as (...args: unknown[]) => Promise<unknown>
            return async (...args: unknown[]) => {
              const written = (verb === 'updateIf' ? args[1] : verb === 'insert' ? args[0] : {}) as { version?: number }
              if (written.version) await weather.before?.(written.version)
              return real.apply(target, args)
            }
          },
        })
        return new Shelf(failing, books)
      })
    },
  })
  await createTestChat(t, { plugins: [plugin()] })
  return shelves.map((shelf, i) => ({ shelf, weather: weathers[i]! }))
}
const told = async (shelf: Shelf, after = 0) => {
  const { rows } = await shelf.since(await shelf.book('me'), after, 100)
  return rows.map(({ conversation, version, pinned }) => [conversation, version, pinned])
}

test('who dies between the version and its row loses nothing, and hides nothing from who reads meanwhile', async (t) => {
  const [one, two] = await nodes(t, 2)
  await one!.shelf.change('me', 'a', () => ({ pinned: 1, hiddenN: 4 }))
  one!.weather.before = (version) => {
    if (version === 2) throw StorageErrors.UNAVAILABLE()
  }
  t.like(await one!.shelf.change('me', 'a', () => ({ pinned: 2 })), { row: { version: 2 }, moved: true })
  t.deepEqual(await told(two!.shelf), [['a', 2, 2]])
  t.deepEqual(await told(two!.shelf, 1), [['a', 2, 2]])
  const book = await two!.shelf.book('me')
  t.like(await two!.shelf.row(book, 'me', 'a'), { pinned: 2, version: 2 })
  t.like((await two!.shelf.places(book, ['a', 'b'])).get('a'), { pinned: 2, hiddenN: 4 })
  // The next one writes it before its own.
  await two!.shelf.change('me', 'b', () => ({ pinned: 3 }))
  t.deepEqual(await told(two!.shelf), [
    ['a', 2, 2],
    ['b', 3, 3],
  ])
  await two!.shelf.setPrivate('me', true)
  t.deepEqual(await told(two!.shelf, 2), [['b', 3, 3]])
})

test('a writer that comes late does not overwrite what is newer', async (t) => {
  const [late, other] = await nodes(t, 2)
  await late!.shelf.change('me', 'a', () => ({ pinned: 1 }))
  let go: (() => void) | undefined
  const goes = new Promise<void>((resolve) => (go = resolve))
  let stand: (() => void) | undefined
  const stands = new Promise<void>((resolve) => (stand = resolve))
  late!.weather.before = (version) => {
    if (version !== 2) return
    stand!()
    return goes
  }
  const slow = late!.shelf.change('me', 'a', () => ({ pinned: 2 }))
  await stands
  await other!.shelf.change('me', 'a', () => ({ pinned: 3 }))
  // Two further on, nobody repairs what the late one breaks.
  await other!.shelf.change('me', 'b', () => ({ pinned: 4 }))
  go!()
  await slow
  t.deepEqual(await told(other!.shelf), [
    ['a', 3, 3],
    ['b', 4, 4],
  ])
})

test('two nodes that write at once leave versions without gaps, and the last one of each conversation', async (t) => {
  const [one, two] = await nodes(t, 2)
  const heard: { version: number; conversation: string; pinned: number | undefined }[] = []
  await Promise.all(
    Array.from({ length: 40 }, async (_, i) => {
      const { row, moved } = await (i % 2 ? one! : two!).shelf.change('me', `c${i % 3}`, () => ({ pinned: i }))
      t.true(moved)
      heard.push(row as never)
    }),
  )
  heard.sort((a, b) => a.version - b.version)
  t.deepEqual(
    heard.map(({ version }) => version),
    Array.from({ length: 40 }, (_, i) => i + 1),
  )
  const last = new Map(heard.map((each) => [each.conversation, each]))
  t.deepEqual(
    await told(one!.shelf),
    [...last.values()]
      .toSorted((a, b) => a.version - b.version)
      .map(({ conversation, version, pinned }) => [conversation, version, pinned]),
  )
})

test('so many conversations may be set, and one taken back makes room', async (t) => {
  const [one] = await nodes(t, 1)
  const { shelf } = one!
  for (let i = 0; i < 2_000; i++) await shelf.change('me', `c${i}`, () => ({ pinned: i }))
  await t.throwsAsync(
    shelf.change('me', 'more', () => ({ pinned: 1 })),
    { code: 'OFFLINE_TOO_MANY' },
  )
  await shelf.change('me', 'c7', () => ({ archived: true }))
  // Where somebody is counts to nothing: who reads in private can do so everywhere.
  await shelf.change('me', 'more', () => ({ read: 3, readN: 3 }))
  await shelf.change('me', 'c7', () => ({ archived: undefined, pinned: undefined }))
  await shelf.change('me', 'more', () => ({ pinned: 1 }))
  await t.throwsAsync(
    shelf.change('me', 'another', () => ({ pinned: 1 })),
    { code: 'OFFLINE_TOO_MANY' },
  )
})
