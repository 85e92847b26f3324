// Writes the table of measured ratios into README.md and bench/README.md, from what `npm run bench -- --json FILE` wrote.
//   npm run bench -- --json bench.json && node scripts/ratios.mjs bench.json
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { fill, table } from './generated-pages.mjs'

const [file] = process.argv.slice(2)
if (!file) {
  console.error('Give the file that `npm run bench -- --json FILE` wrote.')
  process.exit(2)
}
const { rows, quick, repetitions, machine } = JSON.parse(readFileSync(file, 'utf8'))
const digits = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2))
const spread = ({ median, min, max }) => `${digits(median)} (${digits(min)}–${digits(max)})`
const aimOf = ({ aim, aimOf, met }) =>
  aim === null ? '' : `${aimOf === 'ratio' ? 'ratio ' : ''}≤ ${Number(aim.toFixed(2))}: ${met ? 'met' : 'missed'}`
const cells = (row) =>
  row.notRun === undefined
    ? [`${spread(row.value)} ${row.unit}`, row.against ?? '', row.ratio ? spread(row.ratio) : '', aimOf(row)]
    : [`not run: ${row.notRun}`, '', '', '']
const text = [
  `Median (least–most) of ${repetitions} interleaved repetitions${quick ? ', quick' : ''}; Node.js ${machine.node.slice(1)}, ${machine.cpus} × ${machine.cpu}.`,
  table(
    ['row', 'figure', 'against', 'ratio', 'aim'],
    rows.map((row) => [`\`${row.id}\``, ...cells(row)]),
  ),
].join('\n\n')

for (const page of ['README.md', 'bench/README.md']) {
  const path = fileURLToPath(new URL(`../${page}`, import.meta.url))
  const filled = fill(readFileSync(path, 'utf8'), 'ratios', `\n${text}`)
  writeFileSync(path, await format(filled, { ...(await resolveConfig(path)), filepath: path }))
}
