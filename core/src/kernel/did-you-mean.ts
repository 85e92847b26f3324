/** ` Did you mean "needs"?` for a word that is nearly one of these, else what there is. Begins with a space. */
export function didYouMean(word: string, known: readonly string[]): string {
  const [nearest] = known
    .map((name) => ({ name, distance: distance(word.toLowerCase(), name.toLowerCase()) }))
    .filter((each) => each.distance <= (word.length < 5 ? 1 : 2))
    .toSorted((a, b) => a.distance - b.distance)
  if (nearest) return ` Did you mean "${nearest.name}"?`
  return known.length === 0 ? '' : ` There ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}.`
}

/** How many letters to add, drop, change, or swap with their neighbour. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      row[j] = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, before[j - 2]! + 1)
    }
    ;[before, above] = [above, row]
  }
  return above[b.length]!
}
