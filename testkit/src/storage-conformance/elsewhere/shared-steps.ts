import { randomUUID } from 'node:crypto'
import { field, model } from '@natter/core/contract'
import type { DataStep } from '@natter/core/contract'

/** Rows that the steps leave. */
export const trace = model('trace', { fields: { id: field.id() }, key: ['id'] })

/** Data steps that two processes know by name, because a function cannot be sent. */
export const sharedSteps = {
  /** Leaves another row each time it runs. */
  once: {
    id: 'once',
    async up(storage) {
      await storage.records('suite', trace).insert({ id: randomUUID() })
    },
  },
  /** Its process dies between its two rows. */
  dies: {
    id: 'two rows',
    async up(storage) {
      await storage.records('suite', trace).insert({ id: 'one' })
      process.kill(process.pid, 'SIGKILL')
      await new Promise(() => undefined)
    },
  },
  /** The same step where nobody dies. */
  lives: {
    id: 'two rows',
    async up(storage) {
      const traces = storage.records('suite', trace)
      for (const id of ['one', 'two']) await traces.insert({ id })
      await traces.insert({ id: randomUUID() })
    },
  },
} as const satisfies Readonly<Record<string, DataStep>>
export type SharedStep = keyof typeof sharedSteps
