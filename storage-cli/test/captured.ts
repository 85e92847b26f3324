import { run } from '#src/run.js'
import type { Terminal } from '#src/terminal.js'

export interface Captured {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs the program in this process. `heard` gets what it says on the way, and may stop it. */
export async function captured(
  args: readonly string[],
  { env = {}, heard }: { readonly env?: NodeJS.ProcessEnv; heard?(text: string, stop: () => void): void } = {},
): Promise<Captured> {
  const stop = new AbortController()
  let [out, err, time] = ['', '', 0]
  const terminal: Terminal = {
    out: (text) => void (out += text),
    err(text) {
      err += text
      heard?.(text, () => stop.abort())
    },
    tty: heard !== undefined,
    // every page is a second
    now: () => (time += 1_000),
    stop: stop.signal,
  }
  return { code: await run(args, env, terminal), out, err }
}

/** Copies in this process, and gives the table of what both stores have. */
export async function copied(from: string, to: string): Promise<string> {
  const { code, out, err } = await captured(['copy', '--from', from, '--to', to])
  if (code !== 0) throw new Error(err)
  return out
}
