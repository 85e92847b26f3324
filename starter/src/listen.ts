import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { Chat } from '@natter/core'
import type Koa from 'koa'
import type { Settings } from './settings.js'
import { StartError } from './stop-readably.js'

/**
 * Opens the port.
 *
 * @throws StartError that says what to do when it cannot be had; the chat is stopped then.
 */
export async function listen(
  app: Koa,
  { port, host }: Pick<Settings, 'port' | 'host'>,
  chat: Pick<Chat, 'stop'>,
): Promise<Server> {
  const server = createServer(app.callback())
  server.listen(port, host)
  try {
    await once(server, 'listening')
    return server
  } catch (error) {
    await chat.stop()
    throw new StartError(reason(error as NodeJS.ErrnoException, port, host))
  }
}

function reason({ code, message }: NodeJS.ErrnoException, port: number, host = 'localhost'): string {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use. Stop what uses it, or take another: PORT=${port + 1} npm start`
    case 'EACCES':
      return `Port ${port} needs more rights than this process has. Take one above 1023: PORT=3000 npm start`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `HOST is "${host}", which is no address of this machine. Leave it out, or use 127.0.0.1.`
    default:
      return `Port ${port} cannot be opened: ${message}`
  }
}
