import unhomoglyph from 'unhomoglyph'

/**
 * What texts share that look alike: the skeleton of UTS #39 §4, by the mapping of Unicode's confusables.txt, and
 * coarser: capitals count as their small letters, and `1`, `i`, `l` and `|` as one, because a capital I is an l to the eye.
 * For comparison only.
 */
export function skeletonOf(text: string): string {
  let skeleton = text
  for (let round = 0; round < maxRounds; round++) {
    const next = mapOnce(skeleton)
    if (next === skeleton) break
    skeleton = next
  }
  return skeleton
}

/** Mapping and lower-casing can each open the way for the other; in practice two rounds settle it. */
const maxRounds = 4

const mapOnce = (text: string) =>
  unhomoglyph(text.normalize('NFD')).normalize('NFD').toLowerCase().replaceAll('ς', 'σ').replace(/[l1|]/g, 'i')
