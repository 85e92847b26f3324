import type { Patch } from './plant.js'

/** @throws When a patch does not fit exactly once: the code has moved on, and the plant must follow. */
export function applyPatches(source: string, patches: readonly Patch[]): string {
  let text = source
  for (const { module, find, replace } of patches) {
    const parts = text.split(find)
    if (parts.length !== 2) {
      throw new Error(
        `A planted bug fits ${module} in ${parts.length - 1} places, not in one. Adjust the plant to the code:\n  ${find}`,
      )
    }
    text = parts.join(replace)
  }
  return text
}
