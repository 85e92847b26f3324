// Loaded into the process of each test file: ends one that is still there long after the slowest is through, so that a
// file that hangs is named, its place is free for the next, and the run ends.
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'

const minutes = 15

setTimeout(() => {
  const file = relative(process.cwd(), fileURLToPath(test.meta.file))
  const resources = [...new Set(process.getActiveResourcesInfo())].join(', ')
  console.error(`${file} is not through after ${minutes} minutes, and is ended. It still has: ${resources}`)
  // not by `exit`, whose handlers may be what hangs
  process.kill(process.pid, 'SIGKILL')
}, minutes * 60_000).unref()
