import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { applyPatches } from './apply.js'
import { clientPlants } from './client-plants.js'
import { deliveryPlants } from './delivery-plants.js'
import { leakPlants } from './leak-plants.js'
import type { Plant } from './plant.js'
import { storePlants } from './store-plants.js'

export const plants: readonly Plant[] = [...storePlants, ...deliveryPlants, ...clientPlants, ...leakPlants]

/** @throws When there is no plant of this name. */
export function plantNamed(name: string): Plant {
  const plant = plants.find((each) => each.name === name)
  if (plant) return plant
  throw new Error(`There is no plant "${name}". Known: ${plants.map((each) => each.name).join(', ')}`)
}

/** The file behind a module of a package, whether it exports it or not. */
export function locate(module: string): URL {
  const [scope, name, ...path] = module.split('/')
  const manifest = createRequire(import.meta.url).resolve(`${scope}/${name}/package.json`)
  return new URL(path.join('/'), pathToFileURL(`${dirname(manifest)}/`))
}

/** @throws When the code of a package has moved on and the plant does not fit it any more. */
export async function assertFits({ patches }: Plant): Promise<void> {
  for (const module of new Set(patches.map((patch) => patch.module))) {
    const mine = patches.filter((patch) => patch.module === module)
    applyPatches(await readFile(locate(module), 'utf8'), mine)
  }
}
