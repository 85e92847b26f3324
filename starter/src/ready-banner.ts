import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Storage } from '@natter/core/contract'
import type { Chat } from '@natter/core'
import type { Settings } from './settings.js'

/** Tells where the server is and what it does, once it is ready. */
export function announceReady(server: Server, settings: Settings, chat: Pick<Chat, 'plugins' | 'get'>): void {
  const { port } = server.address() as AddressInfo
  const { host = 'localhost' } = settings
  const name = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host
  const lines = [
    ['Natter is ready', `http://${name}:${port}`],
    ['Messages are kept in', chat.get(Storage).description],
    ['Plugins', chat.plugins.join(' ')],
  ]
  for (const [what = '', value] of lines) console.log(`${what.padEnd(26)}${value}`)
  console.log('Stop with Ctrl-C; everything acknowledged is on disk.')
}
