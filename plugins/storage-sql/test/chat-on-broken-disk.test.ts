import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { FakeClock } from '@natter/testkit'
import { brokenDisk, canBreakDisks } from './broken-disk.js'
import type { Break, BrokenDisk } from './broken-disk.js'
import type { ChatOrder, ChatTold } from './fixtures/chat-process.js'
import { openFile, tempFolder } from './temp-store.js'

type Of<K extends ChatTold['told']> = Extract<ChatTold, { told: K }>

/** A server and two clients in another process, on the disk that breaks. */
function chatOn(t: ExecutionContext, disk: BrokenDisk) {
  const script = fileURLToPath(new URL('./fixtures/chat-process.js', import.meta.url))
  const child = fork(script, { env: { ...process.env, ...disk.env }, execArgv: [] })
  const exited = once(child, 'exit')
  const told: ChatTold[] = []
  const listeners = new Set<() => void>()
  child.on('message', (each: ChatTold) => {
    told.push(each)
    for (const listener of listeners) listener()
  })
  const end = async () => {
    child.kill('SIGKILL')
    await exited
  }
  t.teardown(end)
  /** The first that is told from now on, or was at `from`. */
  const next = <K extends ChatTold['told']>(kind: K, from = told.length): Promise<Of<K>> =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = told.slice(from).find((each) => each.told === kind)
        if (!found) return
        listeners.delete(look)
        resolve(found as Of<K>)
      }
      listeners.add(look)
      void exited.then(() => reject(new Error('the server ended')))
      look()
    })
  const order = async (what: ChatOrder) => {
    const done = next('done')
    child.send(what)
    await done
  }
  /** Turns the clock until it is told. */
  const inTime = async <T>(telling: Promise<T>): Promise<T> => {
    let waiting = true
    void telling.finally(() => (waiting = false))
    while (waiting) await order({ do: 'pass', ms: 500 })
    return telling
  }
  return { told, next, inTime, order, end }
}

const breaks: Readonly<Record<Exclude<Break, 'sync-waits'>, string>> = {
  full: 'STORAGE_FULL',
  'read-only': 'STORAGE_UNAVAILABLE',
  'sync-fails': 'STORAGE_UNAVAILABLE',
}
for (const [how, code] of Object.entries(breaks) as [Break, string][]) {
  const title = `two people chat, the disk breaks (${how}) and is well again: what was refused arrives once`
  if (!canBreakDisks) {
    test.skip(`MISSING: a C compiler on Linux, for a disk that breaks: ${title}`, (t) => t.fail())
    continue
  }
  test.serial(title, async (t) => {
    const disk = brokenDisk(tempFolder(t))
    const file = join(disk.folder, 'chat.db')
    const { told, next, inTime, order, end } = chatOn(t, disk)
    await order({ do: 'open', file })
    const first = next('sent')
    await order({ do: 'say', text: 'before' })
    t.is((await first).durability, 'committed')

    disk.break(how)
    const refused = next('refused')
    const sent = next('sent')
    await order({ do: 'say', text: 'meanwhile' })
    t.like(await refused, { text: 'meanwhile', code, retryable: true })
    const again = next('refused')
    t.true((await inTime(again)).retryable)

    disk.repair(how)
    t.like(await inTime(sent), { text: 'meanwhile', durability: 'committed' })
    const last = next('sent')
    await order({ do: 'say', text: 'after' })
    await last

    const texts = ['before', 'meanwhile', 'after']
    let seen: Of<'seen'>
    do {
      const looked = next('seen')
      await order({ do: 'look' })
      seen = await looked
    } while (seen.heard.length < texts.length)
    t.deepEqual([seen.heard, seen.shown], [texts, texts])
    t.deepEqual(
      told.filter((each) => each.told === 'sent').map(({ text }) => text),
      texts,
    )
    await end()

    const store = await openFile(file, { models: [], clock: new FakeClock() })
    t.teardown(() => store.close())
    const [conversation] = await store.log.changed(0, 10)
    const entries = await store.log.range(conversation!.conversation, { from: 1, to: 9, limit: 9, bytes: 1e6 })
    t.deepEqual(
      entries.map(({ seq, body }) => [seq, (JSON.parse(body) as { text: string }).text]),
      [...texts.entries()].map(([i, text]) => [i + 1, text]),
    )
  })
}
