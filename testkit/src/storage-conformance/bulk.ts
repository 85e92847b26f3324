import { StorageErrors } from '@natter/core/contract'
import type { BulkPart, Storage } from '@natter/core/contract'
import { copyStore } from '@natter/core/storage'
import { FakeClock } from '../fake-clock.js'
import { MemoryStore } from '../memory-storage.js'
import { checkFurnished, furnish, furnishedModels } from './furnish.js'
import type { OpenStore, Suite } from './suite.js'
import { group, message, numbers } from './suite.js'

const step = { plugin: 'suite', step: { id: 'once', up: async () => undefined } }
const setting = () => ({ models: furnishedModels, steps: [step], clock: new FakeClock() })

/** A store of everything, with enough in it that it is copied in several commits. */
async function fill(storage: Storage): Promise<void> {
  const { log } = storage
  await furnish(storage)
  const ids = ['many', 'many1', 'many12']
  await Promise.all(
    numbers(1, 1_100).map((i) => log.append(message(ids[i % 3]!, 'a', `m${i}`, { open: group('a', 'b') }))),
  )
  for (const [i, from] of ['a', 'b'].entries()) {
    await log.append(message('erased', from, 'same', { open: group('a', 'b') }))
    await log.rewrite('erased', i + 1, { body: '', by: 9, forget: 'author' })
  }
  await Promise.all(numbers(1, 600).map((i) => storage.kv(`space${i % 2}`).set(`k${i}`, `v${i}`)))
}

/** A store that fails at its n-th write of a copy, before it is stored or behind it. `wrote` hears how many lines were. */
function failing(storage: Storage, at: number, stored: boolean, wrote: (lines: number) => void): Storage {
  const bulk = storage.bulk!
  let writes = 0
  const write: typeof bulk.write = async (part, lines, place) => {
    const fails = ++writes === at
    if (!fails || stored) {
      await bulk.write(part, lines, place)
      wrote(lines.length)
    }
    if (fails) throw StorageErrors.UNAVAILABLE()
  }
  const own = { read: bulk.read.bind(bulk), begin: bulk.begin.bind(bulk), finish: bulk.finish.bind(bulk) }
  return { description: storage.description, bulk: { ...own, write } } as Storage
}

export function copying({ test, backend, keep }: Suite): void {
  const { bulk: openEmpty, reopen } = backend
  if (!openEmpty) return

  /** A store in memory that has the same as this backend's would. */
  const inMemory = async () => {
    const { models, steps, clock } = setting()
    const storage = new MemoryStore({ clock })
    await storage.prepare(models, steps)
    await fill(storage)
    return storage
  }

  test('a store that is copied from memory, and back, has everything, and goes on', async (t) => {
    const source = await inMemory()
    const target = keep(t, await openEmpty())
    const parts = await copyStore('memory', source, target.storage)
    const counts = Object.fromEntries(parts.map(({ part, lines }) => [part, lines])) as Record<BulkPart, number>
    t.deepEqual(counts, {
      model: 1,
      step: 1,
      start: 1,
      mark: 1,
      kv: 603,
      conversation: 7,
      member: 15,
      entry: 1_115,
      row: 4,
    })

    const back = new MemoryStore({ clock: new FakeClock() })
    t.deepEqual(await copyStore('back', target.storage, back), parts)
    await back.prepare(furnishedModels, [step])
    t.deepEqual(await back.log.changed(0, 100), await source.log.changed(0, 100))

    let ran = 0
    const { storage } = target
    await storage.prepare(furnishedModels, [{ plugin: 'suite', step: { id: 'once', up: async () => void ran++ } }])
    t.is(ran, 0, 'the data step is known to be done')
    t.deepEqual(await storage.log.changed(0, 100), await source.log.changed(0, 100))
    t.is(await storage.log.latest(), await source.log.latest())
    t.is(await storage.kv('space1').get('k7'), 'v7')
    t.is((await storage.log.append(message('many1', 'a', 'm1'))).status, 'duplicate')
    t.deepEqual(
      await storage.log.append(message('many1', 'a', 'next')),
      await source.log.append(message('many1', 'a', 'next')),
    )
  })

  test('a copied store is as it was furnished', async (t) => {
    const source = new MemoryStore({ clock: new FakeClock() })
    await source.prepare(furnishedModels, [])
    await furnish(source)
    const target = keep(t, await openEmpty())
    await copyStore('memory', source, target.storage)
    await target.storage.prepare(furnishedModels, [])
    await checkFurnished(t, target.storage)
  })

  test('a copy that was interrupted goes on where it stopped, and no server starts on half of it', async (t) => {
    const source = await inMemory()
    let target: OpenStore = keep(t, await openEmpty())
    let written = 0
    const wrote = (lines: number) => (written += lines)
    // in the middle of key spaces and of entries too
    for (const [at, stored] of [
      [1, false],
      [6, true],
      [3, false],
      [4, true],
    ] as const) {
      const interrupted = failing(target.storage, at, stored, wrote)
      await t.throwsAsync(copyStore('memory', source, interrupted), { code: 'STORAGE_UNAVAILABLE' })
      await t.throwsAsync(target.storage.prepare(furnishedModels, []), { code: 'STORAGE_UNFINISHED' })
      if (!reopen) continue
      await target.close()
      target = keep(t, await openEmpty(target))
    }
    await t.throwsAsync(copyStore('another', source, target.storage), { code: 'STORAGE_NOT_EMPTY' })
    const parts = await copyStore('memory', source, target.storage, (_part, lines, done) => {
      if (done === 'copied') wrote(lines)
    })
    t.is(
      written,
      parts.reduce((sum, part) => sum + part.lines, 0),
      'each line was written once',
    )
    await target.storage.prepare(furnishedModels, [])
    t.deepEqual(await target.storage.log.changed(0, 100), await source.log.changed(0, 100))
  })

  test('a store that holds something is no target', async (t) => {
    const source = await inMemory()
    for (const fill of [
      ({ log }: Storage) => log.append(message('c', 'a', '1', { open: group('a') })),
      ({ log }: Storage) => log.begin(),
      (storage: Storage) => storage.kv('suite').set('k', 'v'),
    ]) {
      const target = keep(t, await backend.open({ models: [], clock: new FakeClock() }))
      await fill(target.storage)
      await t.throwsAsync(copyStore('memory', source, target.storage), { code: 'STORAGE_NOT_EMPTY' })
    }
    const target = keep(t, await backend.open({ models: furnishedModels, clock: new FakeClock() }))
    await t.throwsAsync(copyStore('memory', source, target.storage), { code: 'STORAGE_NOT_EMPTY' })
  })

  test('a source that is written to while it is copied is found out', async (t) => {
    const source = await inMemory()
    const target = keep(t, await openEmpty())
    let late = false
    const copy = copyStore('memory', source, target.storage, (part) => {
      if (part === 'row' && !late) {
        late = true
        void source.kv('suite').set('stays', 'another')
      }
    })
    await t.throwsAsync(copy, { code: 'STORAGE_DIFFERS', message: /"kv"/ })
    await t.throwsAsync(target.storage.prepare([], []), { code: 'STORAGE_UNFINISHED' })
  })
}
