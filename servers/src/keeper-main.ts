/**
 * Runs the programs of one database server, one at a time, for a process that may die at any moment: when the channel
 * to it closes, the server is ended and its folder removed. It lives in a session of its own, so Ctrl-C does not reach it.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, rmSync } from 'node:fs'
import type { Keep, Order, Report } from './orders.js'

const keep = JSON.parse(process.argv[2] ?? '') as Keep
let child: ChildProcess | undefined
let leaving = false

const tell = (report: Report) => {
  if (process.connected) process.send?.(report, () => undefined)
}

function run({ command, args, cwd }: Extract<Order, { do: 'run' }>): void {
  const log = openSync(keep.log, 'a')
  const { user } = keep
  // MariaDB removes what it takes for its own from the folder for temporary files, also when it is another's.
  const env = { ...process.env, LC_ALL: 'C', TMPDIR: cwd }
  const started = spawn(command, args, { cwd, env, stdio: ['ignore', log, log], ...user })
  closeSync(log)
  child = started
  started.once('error', (error) => tell({ ended: error.message }))
  started.once('exit', (code, signal) => {
    if (child === started) child = undefined
    tell({ ended: signal ?? code ?? 0 })
  })
  if (started.pid !== undefined) tell({ started: started.pid })
}

async function leave(): Promise<void> {
  if (leaving) return
  leaving = true
  const last = child
  if (last && last.exitCode === null && last.signalCode === null) {
    const exit = once(last, 'exit')
    last.kill(keep.stopSignal)
    const impatience = setTimeout(() => last.kill('SIGKILL'), keep.patienceMs)
    await exit
    clearTimeout(impatience)
  }
  if (keep.removes) rmSync(keep.removes, { recursive: true, force: true, maxRetries: 20 })
  process.exit(0)
}

process.on('disconnect', () => void leave())
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void leave())
process.on('message', (order: Order) => {
  if (order.do === 'run') run(order)
  else if (order.do === 'signal') child?.kill(order.signal)
  else void leave()
})
