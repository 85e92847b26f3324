import type { Kv, Log, Model, Records, Storage } from '../contract/index.js'
import { channels, trace } from './tracing.js'
import type { StoreTrace } from './tracing.js'

type Shape = StoreTrace['shape']
type Verb = (...args: readonly unknown[]) => Promise<unknown>

const verbs = {
  records: ['get', 'insert', 'upsert', 'updateIf', 'take', 'page', 'remove', 'match'] satisfies (keyof Records)[],
  kv: ['get', 'set', 'add', 'take', 'delete'] satisfies (keyof Kv)[],
  log: [
    'append',
    'find',
    'head',
    'range',
    'page',
    'membership',
    'state',
    'states',
    'mark',
    'rewrite',
    'forget',
    'changed',
    'latest',
    'begin',
    'holds',
  ] satisfies (keyof Log)[],
} as const

/** An object of one of the shapes, from the function that answers each verb; without those that are left out. */
export function shaped<T>(shape: Shape, verbOf: (verb: string) => Verb, has = (_verb: string) => true): T {
  return Object.fromEntries(verbs[shape].filter(has).map((verb) => [verb, verbOf(verb)])) as T
}

function traced<T extends object>(shape: Shape, name: string, target: T): T {
  const call = (verb: string) => (target as Record<string, Verb | undefined>)[verb]?.bind(target)
  const verbOf = (verb: string): Verb => {
    const bound = call(verb)!
    return (...args) =>
      channels.store.hasSubscribers
        ? (trace<StoreTrace>(channels.store, { shape, verb, name }, () => bound(...args)) as Promise<unknown>)
        : bound(...args)
  }
  // A log may have no verb for pages, rows none for terms.
  return shaped(shape, verbOf, (verb) => call(verb) !== undefined)
}

/** The store, with each of its calls inside a trace while somebody listens. */
export function tracedStorage(storage: Storage): Storage {
  return {
    description: storage.description,
    durable: storage.durable,
    log: traced<Log>('log', '', storage.log),
    prepare: (models, steps) => storage.prepare(models, steps),
    records: <M extends Model>(plugin: string, model: M) =>
      traced<Records<M>>('records', `${plugin}.${model.name}`, storage.records(plugin, model)),
    kv: (namespace) => traced<Kv>('kv', namespace, storage.kv(namespace)),
    ...(storage.purge && { purge: () => storage.purge!() }),
    probe: () => storage.probe(),
    native: (kind) => storage.native(kind),
  }
}
