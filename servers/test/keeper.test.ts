import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ExecutionContext } from 'ava'
import type { DatabaseKind } from '@natter/servers'
import { lives, until } from './until.js'
import { withEach } from './with-programs.js'

const holder = fileURLToPath(new URL('./fixtures/holder.js', import.meta.url))

async function leaves(t: ExecutionContext, kind: DatabaseKind, end: (child: ChildProcess) => void): Promise<void> {
  const child = fork(holder, [kind], { execArgv: [] })
  t.teardown(() => void child.kill('SIGKILL'))
  const [{ pid, folder }] = (await once(child, 'message')) as [{ pid: number; folder: string }]
  t.true(lives(pid))
  t.true(existsSync(folder))
  const exit = once(child, 'exit')
  end(child)
  await exit
  await until(() => !lives(pid) && !existsSync(folder))
}

withEach('a killed process leaves no server and no folder', (t, kind) =>
  leaves(t, kind, (child) => child.kill('SIGKILL')),
)

withEach('nor does one that exits', (t, kind) => leaves(t, kind, (child) => child.send('exit')))
