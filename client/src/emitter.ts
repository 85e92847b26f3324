export interface Emitter {
  on(name: string, handler: (payload: never) => void, options?: { readonly signal?: AbortSignal }): () => void
  emit(name: string, payload: unknown): void
}

/** A handler that throws disturbs neither the others nor the client: `guard` decides where its error goes. */
export function createEmitter(guard: (run: () => void) => void): Emitter {
  const handlers = new Set<{ readonly name: string; readonly run: (payload: never) => void }>()
  return {
    on(name, run, options) {
      const handler = { name, run }
      handlers.add(handler)
      const off = () => void handlers.delete(handler)
      if (options?.signal?.aborted) off()
      options?.signal?.addEventListener('abort', off)
      return off
    },
    emit(name, payload) {
      for (const handler of [...handlers]) if (handler.name === name) guard(() => handler.run(payload as never))
    },
  }
}
