import type { Server } from 'node:http'
import type { Chat } from './create-chat.js'

/** How long connections that are not the chat's may take to end, ms. */
const patienceMs = 1_500

/**
 * For those who own the process: on SIGINT and SIGTERM it drains the chat, closes the server and exits with 0; with 1 when
 * that failed. A second signal ends at once.
 */
export function stopOnSignals(chat: Chat, server?: Server): void {
  let stopping = false
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1)
    stopping = true
    void end(chat, server).then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`Stopping on ${signal} failed: ${String(error)}\n`)
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

async function end(chat: Chat, server: Server | undefined): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    if (server?.listening) server.close(() => resolve())
    else resolve()
  })
  await chat.stop()
  server?.closeIdleConnections()
  const forced = setTimeout(() => server?.closeAllConnections(), patienceMs)
  await closed
  clearTimeout(forced)
}
