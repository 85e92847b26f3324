import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import test from 'ava'

test('the server announces its address, answers HTTP and stops on SIGTERM', async (t) => {
  const cwd = await mkdtemp(join(tmpdir(), 'natter-'))
  const server = spawn(process.execPath, [fileURLToPath(new URL('../../dist/server.js', import.meta.url))], {
    cwd,
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(async () => {
    server.kill('SIGKILL')
    await rm(cwd, { recursive: true, force: true })
  })
  let url: string | undefined
  for await (const line of createInterface({ input: server.stdout })) {
    url = /http:\/\/localhost:\d+/.exec(line)?.[0]
    if (url) break
  }
  const response = await fetch(url ?? 'no address was announced')
  t.is(response.status, 200)
  server.kill('SIGTERM')
  const [code] = (await once(server, 'exit')) as [number | null]
  t.is(code, 0)
})
