import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'

/** Where schemathesis is, which fuzzes an HTTP API from its own OpenAPI document. Nothing where it is not installed. */
export function findSchemathesis(): string | undefined {
  const candidates = [process.env.SCHEMATHESIS, 'schemathesis']
  return candidates.find((program) => program && spawnSync(program, ['--version']).status === 0)
}

/** A body of many megabytes is refused as too large before anybody reads it: of the statuses of a refusal, one that the tool lacks. */
const settings = `[checks]
negative_data_rejection.expected-statuses = [400, 401, 403, 404, 405, 406, 409, 410, 413, 415, 422, 428, 429]
`

export interface FuzzOptions {
  readonly url: string
  /** A file with the document. */
  readonly document: string
  readonly token?: string
  /** Operations that are left out, by id. */
  readonly without?: readonly string[]
  readonly examples: number
}
export interface Fuzzed {
  readonly code: number | null
  readonly output: string
  readonly cases: number
}

/** Beyond what a schema can say there are rules, like reserved handles: that a valid input is accepted is not checked. */
const unchecked = 'positive_data_acceptance'

/** Sends generated requests, valid and not, to every operation, and holds the answers against the document. */
export async function fuzz(program: string, options: FuzzOptions): Promise<Fuzzed> {
  const { url, document, token, without = [], examples } = options
  const args = [
    ...['run', document, '--url', url, '--max-examples', String(examples), '--no-color'],
    ...['--phases', 'examples,coverage,fuzzing', '--exclude-checks', unchecked, '--generation-database', 'none'],
    ...(token === undefined ? [] : ['--header', `Authorization: Bearer ${token}`]),
    ...without.flatMap((id) => ['--exclude-operation-id', id]),
  ]
  // It reads its settings from the folder where it runs, and keeps notes there.
  await writeFile(join(dirname(document), 'schemathesis.toml'), settings)
  const child = spawn(program, args, { cwd: dirname(document), stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ])
  const [, cases] = /^ *(\d[\d,]*) generated/m.exec(stdout) ?? []
  // Requests that it shows can have megabytes.
  const output = (stdout + stderr)
    .split('\n')
    .map((line) => line.slice(0, 500))
    .join('\n')
  return { code, output, cases: Number((cases ?? '0').replaceAll(',', '')) }
}
