/** A server process: loads everything, waits for the order to boot, serves on a port of its own, and answers questions. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import Koa from 'koa'
import type { Chat } from '@natter/core'
import { DrivenClock } from './driven-clock.js'
import { fill } from './fill.js'
import { Keys } from './keep-keys.js'
import type { Answers, BootOptions, FromServer, Question, ToServer } from './orders.js'
import { serverChat } from './server-chat.js'
import { OrderDesk } from './order-desk.js'
import { storeKind } from './stores.js'

const tell = (message: FromServer) => void process.send?.(message)
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message} (${textOf(error.cause)})`
}

let chat: Chat | undefined
let driven: DrivenClock | undefined

async function boot(options: BootOptions): Promise<void> {
  if (options.clock === 'driven') driven = new DrivenClock(options.aheadMs)
  chat = await serverChat(options, driven)
  const app = new Koa()
  app.use(chat.middleware())
  const { host } = storeKind(options.store)
  if (host) app.use(new OrderDesk(chat, () => host(options)).middleware())
  const server = createServer(app.callback()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  chat.attach(server)
  if (options.unixSocket) {
    const local = createServer(app.callback()).listen(join(options.folder, 'chat.sock'))
    await once(local, 'listening')
    chat.attach(local)
  }
  tell({ kind: 'ready', port: (server.address() as AddressInfo).port })
}

async function answer(question: Question): Promise<Answers[keyof Answers]> {
  if (!chat) throw new Error('not booted yet')
  switch (question.ask) {
    case 'jump':
    case 'pass':
      if (!driven) throw new Error('the clock is not driven')
      driven[question.ask](question.ms)
      return undefined
    case 'memory':
      return { rss: process.memoryUsage.rss(), connections: chat.connections.size }
    case 'flood': {
      const sender = chat.as(question.from)
      const text = 'x'.repeat(question.bytes)
      for (let round = 0; round < question.rounds; round++) {
        await Promise.all(question.to.map((user) => sender.send({ user }, { text })))
      }
      return undefined
    }
    case 'fill':
      return fill(chat, question)
    case 'send': {
      const { from, to, text, id } = question
      const ack = await chat.as(from).send({ user: to }, { text }, id === undefined ? {} : { id })
      return ack.durability === 'committed' ? ack.seq : 0
    }
    case 'kv': {
      const keys = chat.get(Keys)
      if (question.do === 'get') return keys.get(question.key)
      await keys.set(question.key, 'kept', question.ttlMs === undefined ? {} : { ttlMs: question.ttlMs })
      return undefined
    }
  }
}

process.on('message', (message: ToServer) => {
  if (message.kind === 'boot') {
    boot(message.options).catch((error: unknown) => tell({ kind: 'failed', message: textOf(error) }))
    return
  }
  const { id, question } = message
  answer(question).then(
    (value) => tell({ kind: 'answer', id, value }),
    (error: unknown) => tell({ kind: 'answer', id, error: textOf(error) }),
  )
})
// Who started it is gone: nobody will end it otherwise.
process.on('disconnect', () => process.exit(0))
tell({ kind: 'loaded' })
