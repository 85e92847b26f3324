export interface Emitter {
  on(name: string, handler: (payload: never) => void, options?: { readonly signal?: AbortSignal }): () => void
  emit(name: string, payload: unknown): void
}

/** A handler that throws disturbs neither the others nor the client: `guard` decides where its error goes. */
export function createEmitter(guard: (run: () => void) => void): Emitter {
  const handlers = new Map<string, Set<{ readonly run: (payload: never) => void }>>()
  return {
    on(name, run, options) {
      const entry = { run }
      const set = handlers.get(name) ?? new Set()
      handlers.set(name, set.add(entry))
      const off = () => void set.delete(entry)
      if (options?.signal?.aborted) off()
      options?.signal?.addEventListener('abort', off)
      return off
    },
    emit(name, payload) {
      for (const { run } of [...(handlers.get(name) ?? [])]) guard(() => run(payload as never))
    },
  }
}
