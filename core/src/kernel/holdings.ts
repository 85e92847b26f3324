import type { OwnedModel, Personal } from '../contract/index.js'
import type { HeldData } from '../services/personal-data.js'
import { pluginInvalid } from './plugin-error.js'

/** A key space, as its plugin took it. */
export interface KeySpace {
  readonly plugin: string
  readonly space: string
  readonly personal: string | undefined
}

/** @throws NATTER_PLUGIN_INVALID where a model tells of a column that it does not have. */
export function holdingsOf(models: readonly OwnedModel[], keys: readonly KeySpace[]): readonly HeldData[] {
  return [
    ...models.map(({ plugin, model }): HeldData => {
      const { name, fields, personal } = model
      const stray = Object.keys(typeof personal === 'object' ? personal : {}).find((column) => !(column in fields))
      if (stray !== undefined) {
        throw pluginInvalid(
          `${plugin}: the model "${name}" says that "${stray}" is personal, and has no such field.`,
          'Name fields of the model.',
        )
      }
      return { plugin, kind: 'model', name, personal }
    }),
    ...keys.map(({ plugin, space, personal }): HeldData => {
      return { plugin, kind: 'keys', name: space, personal: personal === undefined ? undefined : personalOf(personal) }
    }),
  ]
}

const personalOf = (text: string): Personal => (text === 'none' ? text : { value: text })

/** What nobody has said of whether it tells about people. */
export const undeclared = (holdings: readonly HeldData[]): readonly string[] =>
  holdings
    .filter(({ personal }) => personal === undefined)
    .map(({ plugin, kind, name }) => `${plugin}: the ${kind === 'model' ? 'model' : 'key space'} "${name}"`)
