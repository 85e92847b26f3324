import type { Row } from './row.js'
import type { Spread } from './statistics.js'

const digits = (value: number) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2))
const range = ({ median, min, max }: Spread) => `${digits(median)} (${digits(min)}–${digits(max)})`
const ratio = ({ median, min, max }: Spread) => `${median.toPrecision(3)} (${min.toPrecision(3)}–${max.toPrecision(3)})`

function aimOf({ aim, aimOf, unit }: Row): string {
  if (aim === null) return ''
  return aimOf === 'ratio' ? `ratio ≤ ${Number(aim.toFixed(3))}` : `≤ ${aim} ${unit}`
}

const verdict = ({ met }: Row) => (met === null ? '' : met ? 'met' : 'missed')

function cells(row: Row): readonly string[] {
  if (row.notRun !== undefined) return [row.id, `not run: ${row.notRun}`, row.against ?? '', '', '', aimOf(row), '']
  return [
    row.id,
    row.value ? `${range(row.value)} ${row.unit}` : '',
    row.against ?? '',
    row.againstValue ? range(row.againstValue) : '',
    row.ratio ? ratio(row.ratio) : '',
    aimOf(row),
    verdict(row),
  ]
}

const heading = ['row', 'median (min–max)', 'against', 'its figure', 'ratio', 'aim', '']

/** The rows as text in columns. */
export function table(rows: readonly Row[]): string {
  const lines = [heading, ...rows.map(cells)]
  const widths = heading.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
