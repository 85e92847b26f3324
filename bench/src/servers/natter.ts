import { subscribe } from 'node:diagnostics_channel'
import { createServer } from 'node:http'
import Koa from 'koa'
import { createChat } from '@natter/core'
import type { Plugin } from '@natter/core'
import { offline } from '@natter/offline'
import { secret } from '../names.js'
import type { NatterPlan } from '../server-plan.js'
import type { Served } from './served.js'

// What a sample does not need is not loaded: that would take longer than many a sample.

async function storage(url: string | undefined): Promise<Plugin> {
  if (url === undefined) return (await import('@natter/testkit')).memoryStorage()
  if (url.startsWith('mongodb:')) return (await import('@natter/storage-mongo')).storageMongo({ url })
  return (await import('@natter/storage-sql')).storageSql({ url })
}

async function identity(kind: NatterPlan['identity']): Promise<Plugin> {
  if (kind === 'auth') return (await import('@natter/auth')).auth()
  return (await import('@natter/testkit')).testIdentity()
}

async function presence(): Promise<readonly Plugin[]> {
  const [{ presence }, { allSee }] = await Promise.all([import('@natter/presence'), import('../all-see.js')])
  return [presence(), allSee()]
}

/** Natter as it would be used: real plugins, default limits, default log. */
export async function serveNatter(plan: NatterPlan): Promise<Served> {
  const chat = await createChat({
    secrets: secret,
    plugins: [
      await storage(plan.url),
      await identity(plan.identity),
      offline(),
      ...(plan.presence ? await presence() : []),
      ...(plan.room ? [(await import('./bench-room.js')).benchRoom(plan.room)] : []),
    ],
  })
  let shed = 0
  subscribe('natter:shed', () => shed++)
  const app = new Koa()
  app.use(chat.middleware())
  const server = createServer(app.callback())
  chat.attach(server)
  return { server, connections: () => chat.connections.size, shed: () => shed }
}
