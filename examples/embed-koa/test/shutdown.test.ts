import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import type { Shop } from '#src/shop.js'
import { screen, street, visitor } from './visitor.js'
import { withoutChat } from './without-chat.js'

const before = await withoutChat()
test.after.always(() => before.remove())
const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/** The shop's program, open. */
async function program(t: ExecutionContext, file: string) {
  const folder = await mkdtemp(join(tmpdir(), 'natter-shop-'))
  const child = spawn(process.execPath, [file], {
    env: {
      ...process.env,
      PORT: '0',
      DATA_DIR: folder,
      NATTER_SECRET: 'a secret for tests that is long enough to be one',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(async () => {
    child.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  })
  const lines: string[] = []
  const opened = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('The') || line.startsWith('Log')) lines.push(line)
      if (line.startsWith('Log in')) resolve()
    })
  })
  await opened
  const url = /http\S+/.exec(lines[0]!)![0]
  return { shop: { url } as Shop, child, lines }
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  for (const [what, file] of [
    ['with the chat', main],
    ['without it', before.main],
  ] as const) {
    test(`${signal} ${what}: the shop closes its own way, and the process ends by itself`, async (t) => {
      const { shop, child, lines } = await program(t, file)
      const board = await screen(t, shop)
      const agent = new Agent({ keepAlive: true })
      t.teardown(() => agent.destroy())
      const [response] = await once(get(shop.url, { agent }), 'response')
      response.resume()
      await once(response, 'end')
      if (file === main) await (await visitor(shop, 'omar')).chat(t).connect()

      const ended = once(child, 'exit')
      child.kill(signal)
      t.deepEqual(await board.closed, [1001, 'the shop closes'])
      t.deepEqual(await ended, [0, null])
      t.deepEqual(
        lines.map((line) => line.replace(/http\S+/, 'URL')),
        [
          'The shop is open           URL',
          'Log in as                  maja or omar; the password is the handle',
          'The shop closes …',
          'The shop is closed.',
        ],
      )
    })
  }
}

test('closing announces the restart to the chat, whose client keeps trying', async (t) => {
  const { shop } = await street(t)
  const chat = (await visitor(shop, 'omar')).chat(t)
  await chat.connect()
  const away = new Promise<void>((resolve) => {
    chat.status.subscribe(() => {
      if (chat.status.get().link === 'offline') resolve()
    })
  })
  await shop.close()
  await away
  t.is(shop.server.listenerCount('upgrade'), 1)
})
