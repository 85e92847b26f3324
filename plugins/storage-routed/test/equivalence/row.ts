import type { Scene } from './scene.js'

/** Prepares what has to be there before, and answers what makes it happen. */
export type Case = (scene: Scene) => Promise<() => Promise<unknown>>
/** By the kind of event or entry, what makes it happen: in one way, or in several. */
export type Rows = Readonly<Record<string, readonly [Case, ...Case[]]>>

/** Where there is nothing to prepare. */
export const now =
  (act: (scene: Scene) => Promise<unknown>): Case =>
  async (scene) =>
  () =>
    act(scene)
