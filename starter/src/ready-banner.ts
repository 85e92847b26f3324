import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Settings } from './settings.js'

/** Tells where the server is and what it does, once it is ready. */
export function announceReady(server: Server, settings: Settings, plugins: readonly string[]): void {
  const { port } = server.address() as AddressInfo
  const { host = 'localhost', databaseUrl } = settings
  const name = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host
  const lines = [
    ['Natter is ready', `http://${name}:${port}`],
    [
      'Messages are kept in',
      databaseUrl.includes(':memory:') ? 'memory only' : `${place(databaseUrl)} (SQLite, full sync)`,
    ],
    ['Plugins', plugins.join(' ')],
  ]
  for (const [what = '', value] of lines) console.log(`${what.padEnd(26)}${value}`)
  console.log('Stop with Ctrl-C; everything acknowledged is on disk.')
}

const place = (url: string) => url.replace(/^sqlite:(\/\/)?/, '')
