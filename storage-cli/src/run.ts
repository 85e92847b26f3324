import { NatterError } from '@natter/core/contract'
import type { CopiedPart } from '@natter/core/storage'
import { copy } from './copy.js'
import { readOrder, usage } from './order.js'
import type { CopyOrder } from './order.js'
import { Progress } from './progress.js'
import { CopyError, UsageError } from './refusals.js'
import type { Terminal } from './terminal.js'

class Stopped extends Error {}

/** Does what the arguments say, and gives the exit code: 0 done, 1 failed or stopped, 2 not understood. */
export async function run(args: readonly string[], env: NodeJS.ProcessEnv, terminal: Terminal): Promise<number> {
  const progress = new Progress(terminal)
  try {
    const order = readOrder(args, env)
    if (order) await tellCopy(order, terminal, progress)
    else terminal.out(usage)
    return 0
  } catch (error) {
    terminal.err(masked(`${readable(error)}\n`))
    if (progress.begun && goesOn(error)) terminal.err('The same command goes on where this one stopped.\n')
    return error instanceof UsageError ? 2 : 1
  }
}

async function tellCopy(order: CopyOrder, terminal: Terminal, progress: Progress): Promise<void> {
  const { out, err, now, stop } = terminal
  const [source, target] = [order.from.place.name, order.to.place.name]
  err(`Copying ${source}\n   into ${target}\n`)
  const since = now()
  try {
    const parts = await copy(order, (part, lines, done) => {
      progress.tell(part, lines, done)
      if (stop.aborted) throw new Stopped('Stopped.')
    })
    progress.end()
    const lines = parts.reduce((sum, part) => sum + part.lines, 0)
    out(table(parts))
    err(`${lines} lines in ${((now() - since) / 1_000).toFixed(1)} s. The copy has what its source has.\n`)
  } catch (error) {
    progress.end()
    throw error
  }
}

function table(parts: readonly CopiedPart[]): string {
  const rows = [['part', 'lines', 'sha256'], ...parts.map(({ part, lines, sha256 }) => [part, String(lines), sha256])]
  return rows.map(([part, lines, sha256]) => `${part!.padEnd(13)} ${lines!.padStart(12)}  ${sha256}\n`).join('')
}

/** Another try of a copy that differs, or of a target that is not empty, would end the same way. */
const goesOn = (error: unknown) =>
  !NatterError.is(error) || !['STORAGE_DIFFERS', 'STORAGE_NOT_EMPTY'].includes(error.code)

function readable(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\nnatter-storage --help tells more.`
  if (error instanceof CopyError || error instanceof Stopped) return error.message
  if (!NatterError.is(error)) return error instanceof Error ? (error.stack ?? error.message) : String(error)
  const why = error.cause instanceof Error && !error.message.includes(error.cause.message) ? error.cause.message : ''
  return `${error.code}  ${error.message}${why && `\n  The database said: ${why}`}`
}

/** A message may quote an address, and so a password. */
const masked = (text: string) => text.replaceAll(/\/\/\S*@/g, '//…@')
