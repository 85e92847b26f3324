#!/usr/bin/env node
import { run } from './run.js'

const stop = new AbortController()
// a second one ends the process at once, as nobody listens any more
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

const code = await run(process.argv.slice(2), process.env, {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  tty: process.stderr.isTTY,
  now: () => performance.now(),
  stop: stop.signal,
})
// all is said and closed; what a driver still tries is not waited for
process.exit(code)
