import { spawn } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CutOrder, FromCutter } from './cut-messages.js'
import type { CutFigures } from './cut-series.js'

const program = fileURLToPath(new URL('./cutter-main.js', import.meta.url))

export type Cuts = { readonly lacking: string } | { readonly full: CutFigures; readonly weak: CutFigures }

/** Cuts in a process of its own; afterwards nothing of it is left, no file, mount or loop device. */
export async function cutPower(order: Omit<CutOrder, 'folder'>, progress: (line: string) => void): Promise<Cuts> {
  if (process.platform !== 'linux') return { lacking: 'Linux, for its loop devices' }
  if (process.getuid?.() !== 0) return { lacking: 'root, for loop devices' }
  const folder = await mkdtemp(join(tmpdir(), 'natter-cuts-'))
  // A database server that does not run as root must get to its data.
  await chmod(folder, 0o755)
  try {
    const last = await runCutter({ ...order, folder }, progress)
    if (last.kind === 'lacking') return { lacking: `loop devices: ${last.what}` }
    if (last.kind === 'failed') throw new Error(`Cutting the power failed: ${last.message}`)
    return { full: last.full, weak: last.weak }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Last = Exclude<FromCutter, { kind: 'progress' }>

function runCutter(order: CutOrder, progress: (line: string) => void): Promise<Last> {
  return new Promise((resolve) => {
    const args = ['--mount', '--propagation', 'private', process.execPath, ...process.execArgv, program]
    const child = spawn('unshare', args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    let text = ''
    let last: Last | undefined
    child.stderr!.setEncoding('utf8').on('data', (more: string) => (text = (text + more).slice(-2_000)))
    child.on('message', (message: FromCutter) => {
      if (message.kind === 'progress') progress(message.line)
      else last = message
    })
    child.on('error', (error) => resolve({ kind: 'lacking', what: error.message }))
    child.on('close', () => resolve(last ?? { kind: 'lacking', what: text.trim() || 'unshare ended without a word' }))
    child.send(order, () => undefined)
  })
}
