import { createServer } from 'node:http'
import Koa from 'koa'
import { auth } from '@natter/auth'
import { createChat } from '@natter/core'
import { offline } from '@natter/offline'
import { storageMongo } from '@natter/storage-mongo'
import { storageSql } from '@natter/storage-sql'
import { memoryStorage, testIdentity } from '@natter/testkit'
import { secret } from '../names.js'
import type { NatterPlan } from '../server-plan.js'
import { benchRoom } from './bench-room.js'
import type { Served } from './served.js'

/** Natter as it would be used: real plugins, default limits, default log. */
export async function serveNatter({ url, identity, room }: NatterPlan): Promise<Served> {
  const chat = await createChat({
    secrets: secret,
    plugins: [
      url === undefined ? memoryStorage() : url.startsWith('mongodb:') ? storageMongo({ url }) : storageSql({ url }),
      identity === 'auth' ? auth() : testIdentity(),
      offline(),
      ...(room ? [benchRoom(room)] : []),
    ],
  })
  const app = new Koa()
  app.use(chat.middleware())
  const server = createServer(app.callback())
  chat.attach(server)
  return { server, connections: () => chat.connections.size }
}
