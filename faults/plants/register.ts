/** Loaded before anything else (`node --import`), also by worker threads: plants the bug that the environment names. */
import { register } from 'node:module'
import { plantVariable } from './plant.js'
import { locate, plantNamed } from './plants.js'

const name = process.env[plantVariable]
if (name !== undefined) {
  const patches = plantNamed(name).patches.map((patch) => ({ ...patch, url: locate(patch.module).href }))
  register('./load.js', import.meta.url, { data: patches })
}
