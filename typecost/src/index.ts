// Counts what the types of a large client cost the compiler; with --times it also measures how long that takes.
import { fileURLToPath } from 'node:url'
import { compile } from './compiler.js'
import type { Cost } from './compiler.js'
import { generate } from './generate.js'
import { aim } from './aim.js'

const count = (value: number) => value.toLocaleString('en')
const programs = generate(fileURLToPath(new URL('../build/program', import.meta.url)), aim)
const { instantiations } = compile(programs.typed)
console.log(
  `Types: ${count(instantiations)} instantiations for a client with ${aim.plugins} plugins × ${aim.commands} commands ` +
    `(at most ${count(aim.instantiations)})`,
)
if (instantiations > aim.instantiations) process.exitCode = 1
if (process.argv.includes('--times')) times()

/** Both in turns, five times; the fastest of each counts, because everything else on the machine only adds to it. */
function times(): void {
  const runs = Array.from({ length: 5 }, () => ({ typed: compile(programs.typed), untyped: compile(programs.untyped) }))
  const best = (kind: 'typed' | 'untyped', figure: keyof Cost) => Math.min(...runs.map((run) => run[kind][figure]))
  console.log('\n           instantiations     types   memory   checker   whole run')
  for (const kind of ['typed', 'untyped'] as const) {
    console.log(
      [
        kind.padEnd(10),
        count(best(kind, 'instantiations')).padStart(15),
        count(best(kind, 'types')).padStart(9),
        `${(best(kind, 'memoryBytes') / 1e6).toFixed(0)} MB`.padStart(8),
        `${best(kind, 'checkMs').toFixed(0)} ms`.padStart(9),
        `${best(kind, 'totalMs').toFixed(0)} ms`.padStart(11),
      ].join(' '),
    )
  }
  const ratio = (figure: 'checkMs' | 'totalMs') => (best('typed', figure) / best('untyped', figure)).toFixed(1)
  console.log(
    `\nChecking the program takes ${ratio('totalMs')}× as long as with untyped calls (aim: ${aim.times}×); ` +
      `the checker alone ${ratio('checkMs')}×.`,
  )
}
