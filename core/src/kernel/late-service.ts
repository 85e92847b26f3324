import { NatterErrors } from '../errors.js'

/** Stands for a service from setup on; usable once the service is there. */
export interface LateService {
  readonly facade: object
  bind(service: object): void
}

/** Asked by `await`, by loggers and by JSON about any object: no use of the service. */
const harmless: readonly PropertyKey[] = ['then', 'toJSON', 'constructor']

/**
 * A plugin takes its services apart in `setup`, before they exist, and a proxy would cost something on every call. So the
 * facade is a plain object that gets the service's methods as fields of its own, once, at boot. Only names that are not
 * there go through the proxy behind it: before that moment all of them, which throws; afterwards those added later.
 *
 * Using it before that throws NATTER_SERVICE_UNREADY.
 */
export function lateService(name: string): LateService {
  let service: object | undefined
  const behind = new Proxy({} as object, {
    get(_, key) {
      if (service === undefined) {
        if (typeof key === 'symbol' || harmless.includes(key)) return undefined
        throw NatterErrors.SERVICE_UNREADY({
          message: `The service "${name}" was used (.${key}) before it was ready.\n  Use services from init on, not in setup.`,
        })
      }
      const value: unknown = Reflect.get(service, key, service)
      return typeof value === 'function' && key !== 'constructor' ? value.bind(service) : value
    },
    has: (_, key) => service !== undefined && Reflect.has(service, key),
    getPrototypeOf: () => (service === undefined ? Object.prototype : Object.getPrototypeOf(service)),
  })
  const facade = Object.create(behind) as object
  return {
    facade,
    bind(real) {
      service = real
      for (const [key, descriptor] of members(real)) {
        const fixed = typeof descriptor.value === 'function'
        Object.defineProperty(
          facade,
          key,
          fixed
            ? { value: descriptor.value.bind(real), enumerable: descriptor.enumerable ?? false }
            : { get: () => Reflect.get(real, key, real), enumerable: descriptor.enumerable ?? false },
        )
      }
    },
  }
}

/** All of an object's properties, its own before inherited ones. */
function members(service: object): ReadonlyMap<string, PropertyDescriptor> {
  const found = new Map<string, PropertyDescriptor>()
  for (let at: object | null = service; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (key !== 'constructor' && !found.has(key)) found.set(key, descriptor)
    }
  }
  return found
}
