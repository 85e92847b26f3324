import type { Violation } from '../checks/violation.js'
import type { Section, SectionOptions } from '../run/section.js'
import { story, stepsOfOne } from './story.js'

/** Runs random histories, and ends with the first that shows a leak: its seed repeats it. */
export async function leakSection(
  options: Pick<SectionOptions, 'seed' | 'progress'> & { readonly runs: number },
): Promise<Section> {
  const { seed, runs, progress } = options
  const figures = { histories: 0, steps: 0, words: 0, answered: 0, refused: 0, frames: 0, expired: 0 }
  const violations: Violation[] = []
  for (let run = 0; run < runs && violations.length === 0; run++) {
    const { words, ok, refused, frames, expired, ...found } = await story(`${seed}/${run}`)
    violations.push(...found.violations)
    figures.histories++
    figures.steps += stepsOfOne
    figures.words += words
    figures.answered += ok
    figures.refused += refused
    figures.frames += frames
    figures.expired += expired
    if ((run + 1) % 100 === 0) progress(`${run + 1} of ${runs} histories, ${figures.frames} frames looked at`)
  }
  return { name: 'leaks', figures, violations }
}
