import { spawn } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DiskOrder, FromDiskWork } from './disk-work.js'

/**
 * Has a program do something with disks, in a process and a mount namespace of its own (`unshare`); afterwards nothing of it is left,
 * no file, mount or loop device.
 */
export async function orderDiskWork<Order extends object, Result extends object>(
  program: string,
  order: Order,
  progress: (line: string) => void,
): Promise<Result | { readonly lacking: string }> {
  if (process.platform !== 'linux') return { lacking: 'Linux, for its loop devices' }
  if (process.getuid?.() !== 0) return { lacking: 'root, for loop devices' }
  const folder = await mkdtemp(join(tmpdir(), 'natter-disks-'))
  // A database server that does not run as root must get to its data.
  await chmod(folder, 0o755)
  try {
    const last = await run<DiskOrder<Order>, Result>(program, { ...order, folder }, progress)
    if (last.kind === 'lacking') return { lacking: `loop devices: ${last.what}` }
    if (last.kind === 'failed') throw new Error(`The work with disks failed: ${last.message}`)
    return last.result
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Last<Result> = Exclude<FromDiskWork<Result>, { kind: 'progress' }>

function run<Order extends object, Result>(
  program: string,
  order: Order,
  progress: (line: string) => void,
): Promise<Last<Result>> {
  return new Promise((resolve) => {
    const args = ['--mount', '--propagation', 'private', process.execPath, ...process.execArgv, program]
    const child = spawn('unshare', args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    let text = ''
    let last: Last<Result> | undefined
    child.stderr!.setEncoding('utf8').on('data', (more: string) => (text = (text + more).slice(-2_000)))
    child.on('message', (message: FromDiskWork<Result>) => {
      if (message.kind === 'progress') progress(message.line)
      else last = message
    })
    child.on('error', (error) => resolve({ kind: 'lacking', what: error.message }))
    child.on('close', () => resolve(last ?? { kind: 'lacking', what: text.trim() || 'unshare ended without a word' }))
    child.send(order, () => undefined)
  })
}
