import { locale } from '../text/texts.js'

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const

/** A length of time in its largest whole unit: 1 day, 90 minutes. */
export function durationWords(ms: number): string {
  const [unit, length] = units.find(([, length]) => ms % length === 0) ?? units[3]
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(Math.round(ms / length))
}
