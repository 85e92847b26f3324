import { parseArgs } from 'node:util'
import { placeOf } from './place.js'
import type { Place } from './place.js'
import { UsageError } from './refusals.js'

/** One of the two stores of a copy. */
export interface Side {
  readonly url: string
  readonly schema: string | undefined
  readonly prefix: string | undefined
  readonly place: Place
}
/** What is to be copied where. */
export interface CopyOrder {
  readonly from: Side
  readonly to: Side
}

export const usage = `natter-storage copy --from URL --to URL

Copies all that a server keeps into an empty database, which may be of another kind, and compares both at the end. No server
may run on either meanwhile. When it is interrupted, the same command goes on where it stopped.

  --from URL          what is copied: sqlite:data/chat.db, postgres://…, mariadb://…, mysql://… or mongodb://…
  --to URL            the empty database; a file is made
  --from-env NAME     instead: the variable of the environment that has the url, so that no list of processes shows its
  --to-env NAME       password
  --from-schema NAME  PostgreSQL: the schema of the tables, as given to storageSql
  --to-schema NAME
  --from-prefix NAME  what the names of tables or collections begin with, as given to storageSql or storageMongo
  --to-prefix NAME
  --help

Exit code: 0 copied and compared, 1 failed or interrupted, 2 not understood.
`

const text = { type: 'string' } as const
const options = {
  from: text,
  to: text,
  'from-env': text,
  'to-env': text,
  'from-schema': text,
  'to-schema': text,
  'from-prefix': text,
  'to-prefix': text,
  help: { type: 'boolean', short: 'h' },
} as const

/** Nothing where help is asked for. @throws UsageError */
export function readOrder(args: readonly string[], env: NodeJS.ProcessEnv): CopyOrder | undefined {
  const { values, positionals } = parsed(args)
  if (values.help) return undefined
  const [command, ...more] = positionals
  if (command !== 'copy') throw new UsageError('Say what to do: natter-storage copy --from URL --to URL')
  if (more.length > 0) throw new UsageError('copy takes options only: --from URL --to URL')
  const side = (name: 'from' | 'to'): Side => {
    const url = urlOf(name, values[name], values[`${name}-env`], env)
    const [schema, prefix] = [values[`${name}-schema`], values[`${name}-prefix`]]
    return { url, schema, prefix, place: placeOf(name, { url, schema, prefix }) }
  }
  const order = { from: side('from'), to: side('to') }
  if (order.from.place.name === order.to.place.name) {
    throw new UsageError(`--from and --to are the same store, ${order.to.place.name}. Name an empty one to copy into.`)
  }
  return order
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message)
    throw error
  }
}

function urlOf(name: string, given: string | undefined, variable: string | undefined, env: NodeJS.ProcessEnv): string {
  if (given !== undefined && variable !== undefined) {
    throw new UsageError(`Give either --${name} or --${name}-env, not both.`)
  }
  if (variable !== undefined) {
    const url = env[variable]
    if (url) return url
    throw new UsageError(`--${name}-env names ${variable}, which is not set in the environment.`)
  }
  if (given) return given
  throw new UsageError(`--${name} is missing: the url of the database to copy ${name === 'from' ? 'from' : 'into'}.`)
}
