/** What several repetitions of one figure gave. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** @throws RangeError without a figure */
export function spread(figures: readonly number[]): Spread {
  if (figures.length === 0) throw new RangeError('no figures to take a median of')
  const sorted = figures.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
  return { median, min: sorted[0]!, max: sorted.at(-1)! }
}

/**
 * The ratio of two figures of the same repetitions: formed in each repetition, where both saw the same neighbours on the
 * machine, and only then summed up.
 *
 * @throws RangeError when the repetitions do not match
 */
export function ratioSpread(figures: readonly number[], against: readonly number[]): Spread {
  if (figures.length !== against.length) throw new RangeError('a ratio needs both figures of each repetition')
  return spread(figures.map((figure, i) => figure / against[i]!))
}
