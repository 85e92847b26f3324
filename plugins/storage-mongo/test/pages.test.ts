import test from 'ava'
import type { EntryPageOptions } from '@natter/core/contract'
import { pageByVerbs } from '@natter/core/storage'
import { FakeClock } from '@natter/testkit'
import { foundServer, scratchUrl } from './found-server.js'
import { group, message, numbers } from './message.js'
import { openNoting } from './noting-client.js'
import { openUrl } from './temp-store.js'

const setting = { models: [], clock: new FakeClock() }
const bytes = 100_000
const server = await foundServer(test)

if (server) {
  test('a page is one command, from wherever it is asked, and of its blocks only what is in it', async (t) => {
    const url = await scratchUrl(server, t)
    const { store, noted } = await openNoting(url, setting, t)
    const { log } = store
    await log.append(message('c', 'a', 'm1', { open: group('a') }))
    await Promise.all(numbers(2, 300).map((i) => log.append(message('c', 'a', `m${i}`))))
    await log.latest()
    const asked = async (options: Omit<EntryPageOptions, 'bytes'>) => {
      noted()
      const page = await log.page!('a', 'c', { bytes, ...options })
      const names = noted().map((command) => Object.keys(command)[0])
      return { names, count: (JSON.parse(`[${page!.entries}]`) as unknown[]).length }
    }
    for (const options of [
      { limit: 50 },
      { limit: 50, before: 200 },
      { limit: 50, before: 301 },
      { limit: 50, after: 100 },
      { limit: 50, after: 100, holds: 'm100' },
    ]) {
      t.deepEqual(await asked(options), { names: ['aggregate'], count: 50 }, JSON.stringify(options))
    }
    const beside = await openNoting(url, setting, t)
    beside.noted()
    await beside.store.log.page!('a', 'c', { limit: 50, bytes })
    t.is(beside.noted().filter((command) => 'aggregate' in command).length, 2, 'who knows no head asks for it first')
    noted()
    t.is(await log.page!('stranger', 'c', { limit: 50, bytes }), undefined)
    t.is(noted().length, 1)
  })

  test('a page over blocks of all sizes is what state and range give together', async (t) => {
    const url = await scratchUrl(server, t)
    const [one, two] = await Promise.all([openUrl(url, setting), openUrl(url, setting)])
    t.teardown(async () => void (await Promise.all([one.close(), two.close()])))
    const { log } = one
    await log.append(message('c', 'a', 'm1', { open: group('a', 'gone') }))
    let seq = 1
    const send = async (count: number) => {
      const next = numbers(seq + 1, (seq += count))
      await Promise.all(next.map((i) => log.append(message('c', 'a', `m${i}`, { body: `"${'x'.repeat(i % 90)}"` }))))
    }
    for (const count of [140, 1, 2, 30]) await send(count)
    const members = { join: [{ user: 'late' }], leave: ['gone'] }
    await log.append(message('c', 'system', `m${++seq}`, { members }))
    for (const count of [1, 1, 64, 129]) await send(count)
    await log.rewrite('c', 100, { body: '', by: 150, forget: 'author' })
    await log.rewrite('c', 201, { body: '"new"', by: 202 })
    const places = [1, 100, 141, 176, 240, seq, seq + 1, 999]
    const questions = [{}, ...places.flatMap((i) => [{ before: i }, { after: i }, { after: i, holds: `m${i}` }])]
    for (const store of [one, two]) {
      for (const user of ['a', 'late', 'gone']) {
        for (const question of questions) {
          for (const bound of [
            { limit: 20, bytes },
            { limit: 200, bytes },
          ]) {
            const options = { ...bound, ...question }
            const expected = await pageByVerbs(store.log, user, 'c', options)
            t.deepEqual(await store.log.page!(user, 'c', options), expected, `${user} ${JSON.stringify(options)}`)
          }
        }
      }
    }
  })

  test('a page has what another server has acknowledged', async (t) => {
    const url = await scratchUrl(server, t)
    const [one, two] = await Promise.all([openUrl(url, setting), openUrl(url, setting)])
    t.teardown(async () => void (await Promise.all([one.close(), two.close()])))
    await one.log.append(message('c', 'a', 'm1', { open: group('a') }))
    for (const round of numbers(1, 5)) {
      await Promise.all(numbers(1, 60).map((i) => two.log.append(message('c', 'a', `${round}-${i}`))))
      const page = await one.log.page!('a', 'c', { limit: 10, bytes })
      t.is(page?.head, 1 + round * 60)
      t.is((JSON.parse(`[${page?.entries}]`) as [number][]).at(-1)![0], 1 + round * 60)
    }
  })
}
