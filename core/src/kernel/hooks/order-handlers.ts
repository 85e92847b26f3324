import { NatterErrors } from '../../errors.js'
import type { Registration } from './registration.js'

/**
 * Orders a hook's handlers: as the plugins are ordered, and as registered within one plugin, except where `before` and
 * `after` say otherwise. Of those that could come next, the first does. Absent names are ignored.
 *
 * @throws NATTER_HOOK_CYCLE with the circle.
 */
export function orderHandlers(hook: string, handlers: readonly Registration[]): readonly Registration[] {
  const predecessors = new Map<Registration, Set<Registration>>(handlers.map((handler) => [handler, new Set()]))
  for (const handler of handlers) {
    for (const name of handler.order.after ?? []) {
      for (const other of handlers) if (other.plugin === name) predecessors.get(handler)?.add(other)
    }
    for (const name of handler.order.before ?? []) {
      for (const other of handlers) if (other.plugin === name) predecessors.get(other)?.add(handler)
    }
  }
  const ordered: Registration[] = []
  const waiting = new Set(handlers)
  while (waiting.size > 0) {
    const next = [...waiting].find((handler) =>
      [...(predecessors.get(handler) ?? [])].every((one) => !waiting.has(one)),
    )
    if (next === undefined) throw cycle(hook, waiting, predecessors)
    waiting.delete(next)
    ordered.push(next)
  }
  return ordered
}

/** Every handler left has a predecessor that is left, so walking back must meet a handler again. */
function cycle(
  hook: string,
  waiting: ReadonlySet<Registration>,
  predecessors: ReadonlyMap<Registration, ReadonlySet<Registration>>,
) {
  const path: Registration[] = []
  let at = [...waiting][0]
  while (at !== undefined && !path.includes(at)) {
    path.push(at)
    at = [...(predecessors.get(at) ?? [])].find((one) => waiting.has(one))
  }
  const circle = path.slice(path.indexOf(at as Registration)).map(({ plugin }) => plugin)
  const names = [...circle, circle[0]].toReversed().join(' before ')
  return NatterErrors.HOOK_CYCLE({
    message: `${hook}: the handlers are ordered in a circle: ${names}.\n  Take one "before" or "after" of this hook away.`,
  })
}
