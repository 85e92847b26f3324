import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import test from 'ava'
import type { Plugin } from '@natter/core'
import { createTestServer } from '@natter/testkit'
import { compile } from './doc-samples.js'

// The port is free, and told.
const { folder, said, remove } = await compile('README.md', (code) =>
  code.replace('app.listen(3000)', 'app.listen(0, () => console.log(server.address()))'),
)
test.after.always(remove)

test('the ten lines are a server that is ready, and ends with 0', async (t) => {
  t.is(said, '')
  const cwd = await mkdtemp(join(tmpdir(), 'natter-readme-'))
  t.teardown(() => rm(cwd, { recursive: true, force: true }))
  const child = spawn(process.execPath, [join(folder, 'server.js')], { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  let port: string | undefined
  for await (const line of createInterface({ input: child.stdout })) {
    port = /port: (\d+)/.exec(line)?.[1]
    if (port) break
  }
  const ready = await fetch(`http://127.0.0.1:${port}/chat/readyz`)
  t.deepEqual(await ready.json(), { status: 'ok' })
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  t.deepEqual(await ended, [0, null])
})

test('the plugin of ten lines rolls dice, within what its schema says', async (t) => {
  const { dice } = (await import(pathToFileURL(join(folder, 'dice.js')).href)) as {
    dice(): Plugin<'dice', typeof import('./dice-contract.js')>
  }
  const server = await createTestServer(t, { plugins: [dice()] })
  const alice = await server.client('alice')
  for (let i = 0; i < 20; i++) {
    const { value } = await alice.dice.roll({ sides: 3 })
    t.true(value >= 1 && value <= 3)
  }
  await t.throwsAsync(alice.dice.roll({ sides: 1 }), { code: 'NATTER_INVALID' })
})
