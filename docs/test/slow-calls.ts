import { tracingChannel } from 'node:diagnostics_channel'

/** Tells of store calls that took longer than `limitMs`. Returns how to stop. */
export function tellSlowCalls(limitMs: number, tell: (line: string) => void): () => void {
  const began = new WeakMap<object, number>()
  const ended = (call: object) => {
    const { shape, verb, name } = call as { shape: string; verb: string; name: string }
    const ms = performance.now() - (began.get(call) ?? 0)
    if (ms >= limitMs) tell(`${shape}.${verb} ${name} took ${ms.toFixed(1)} ms`)
  }
  const listeners = {
    start: (call: object) => void began.set(call, performance.now()),
    asyncEnd: ended,
  }
  const channel = tracingChannel<object>('natter:store')
  channel.subscribe(listeners as never)
  return () => channel.unsubscribe(listeners as never)
}
