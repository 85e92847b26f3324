import type { RoutedConfig } from './config.js'

/** The plugin's name. Its key space is in every store: what each knows of the others. */
export const name = 'storage-routed'

/** Which store has what, by its name. */
export interface Routes {
  readonly log: string
  /** Where the lines of data steps are kept, whatever they touch. */
  readonly journal: string
  records(plugin: string, model: string): string
  kv(plugin: string): string
}

type Given = Pick<RoutedConfig, 'log' | 'records' | 'kv'>

export function routesOf({ log, records, kv }: Given): Routes {
  const rows = new Map(Object.entries(records))
  const spaces = new Map(Object.entries(kv))
  const otherwise = records.default
  return {
    log,
    journal: otherwise,
    records: (plugin, model) => rows.get(`${plugin}.${model}`) ?? rows.get(plugin) ?? otherwise,
    kv: (plugin) => spaces.get(plugin) ?? spaces.get('default') ?? otherwise,
  }
}

/** Whose a key space is: the core names them `plugin.space`. */
export const ownerOf = (namespace: string): string => String(namespace).split('.', 1)[0]!
