/** A module loader hook: gives modules with their patches applied. */
import { readFile } from 'node:fs/promises'
import type { InitializeHook, LoadHook } from 'node:module'
import { applyPatches } from './apply.js'
import type { Patch } from './plant.js'

type Located = Patch & { readonly url: string }
let patches: readonly Located[] = []

export const initialize: InitializeHook<readonly Located[]> = (data) => {
  patches = data
}

export const load: LoadHook = async (url, context, nextLoad) => {
  const mine = patches.filter((patch) => patch.url === url)
  if (mine.length === 0) return nextLoad(url, context)
  const source = applyPatches(await readFile(new URL(url), 'utf8'), mine)
  return { format: 'module', source, shortCircuit: true }
}
