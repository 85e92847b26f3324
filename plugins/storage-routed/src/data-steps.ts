import { StorageErrors } from '@natter/core/contract'
import { stepFailed } from '@natter/core/storage'
import { RoutedStorage } from './routed-storage.js'
import type { Steps, Storages } from './routed-storage.js'
import type { Routes } from './routes.js'

/**
 * Runs the data steps that the journal does not know. Their lines are in one store, whatever they touch, and so is the
 * lock that they run under. In an SQL store a line and what the step does there are one transaction. What it does in others
 * stays when it fails or the process dies; it is then run again from its beginning.
 */
export async function runSteps(routes: Routes, storages: Storages, steps: Steps): Promise<void> {
  const journal = storages.get(routes.journal)!
  for (const { plugin, step } of steps) {
    let failed: { readonly cause: unknown } | undefined
    const routed = {
      id: step.id,
      async up(inside: typeof journal) {
        const all = new Map(storages).set(routes.journal, inside)
        await step.up(new RoutedStorage(routes, all, noPreparing)).catch((cause: unknown) => {
          failed = { cause }
          throw cause
        })
      },
    }
    await journal.prepare([], [{ plugin, step: routed }]).catch((error: unknown) => {
      if (!failed) throw error
      throw stepFailed(plugin, step.id, failed.cause, `What it had done outside of "${routes.journal}" stays.`)
    })
  }
}

const noPreparing = async () => {
  throw StorageErrors.INVALID({ message: 'A data step cannot prepare the store that it runs in.' })
}
