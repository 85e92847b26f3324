import type { Kv, Log, Model, Records, Storage } from '../contract/index.js'
import { channels, trace } from './tracing.js'
import type { StoreTrace } from './tracing.js'

type Shape = StoreTrace['shape']
type Verb = (...args: readonly unknown[]) => Promise<unknown>

const verbs = {
  records: ['get', 'insert', 'upsert', 'updateIf', 'take', 'page', 'remove'] satisfies (keyof Records)[],
  kv: ['get', 'set', 'add', 'take', 'delete'] satisfies (keyof Kv)[],
  log: [
    'append',
    'find',
    'head',
    'range',
    'membership',
    'state',
    'states',
    'mark',
    'rewrite',
    'changed',
    'latest',
    'begin',
    'holds',
  ] satisfies (keyof Log)[],
} as const

/** An object of one of the shapes, from the function that answers each verb. */
export function shaped<T>(shape: Shape, verbOf: (verb: string) => Verb): T {
  return Object.fromEntries(verbs[shape].map((verb) => [verb, verbOf(verb)])) as T
}

function traced<T extends object>(shape: Shape, name: string, target: T): T {
  return shaped(shape, (verb) => {
    const call = ((target as Record<string, unknown>)[verb] as Verb).bind(target)
    return (...args) =>
      channels.store.hasSubscribers
        ? (trace<StoreTrace>(channels.store, { shape, verb, name }, () => call(...args)) as Promise<unknown>)
        : call(...args)
  })
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
    probe: () => storage.probe(),
    native: (kind) => storage.native(kind),
  }
}
