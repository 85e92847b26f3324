import { parseArgs } from 'node:util'

export interface Options {
  readonly json: string | undefined
  readonly quick: boolean
  /** Ids of rows, or beginnings of ids up to a dot; none: all. */
  readonly only: readonly string[]
  readonly repetitions: number
}
export const usage = `npm run bench -- [--quick] [--only ID,…] [--repetitions N] [--json FILE]

  --quick           every row with fewer messages: two repetitions, or one where two would take over two minutes
  --only ID,…       only these rows, like relay.memory, or groups of them, like relay
  --repetitions N   how often every subject is sampled (default 5; 2 with --quick)
  --json FILE       writes the rows to a file`

/** @throws TypeError for what is not an option, with a message for people */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'string' },
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      repetitions: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return 'help'
  const repetitions = values.repetitions === undefined ? (values.quick ? 2 : 5) : Number(values.repetitions)
  if (!Number.isInteger(repetitions) || repetitions < 1 || repetitions > 100) {
    throw new TypeError(`--repetitions is "${values.repetitions}"; it must be a whole number from 1 to 100.`)
  }
  return {
    json: values.json,
    quick: values.quick,
    only: values.only.flatMap((list) => list.split(',')).filter(Boolean),
    repetitions,
  }
}

/** Whether a row is among those asked for. */
export const asked = ({ only }: Pick<Options, 'only'>, id: string): boolean =>
  only.length === 0 || only.some((name) => id === name || id.startsWith(`${name}.`))
