// A process of the suite that opens stores of the backend under test and asks them what it is told to.
import { NatterError } from '@natter/core/contract'
import { FakeClock } from '../../fake-clock.js'
import type { OpenElsewhere, OpenStore } from '../suite.js'
import type { Order, Shape, Told } from './orders.js'
import { sharedSteps } from './shared-steps.js'

const stores = new Map<number, OpenStore>()

function partOf({ storage }: OpenStore, shape: Shape): object {
  if (shape[0] === 'log') return storage.log
  if (shape[0] === 'kv') return storage.kv(shape[1])
  return shape[0] === 'records' ? storage.records(shape[1].plugin, shape[1].model) : storage
}

async function follow(order: Order): Promise<unknown> {
  switch (order.do) {
    case 'open': {
      const { openElsewhere } = (await import(order.module)) as { readonly openElsewhere: OpenElsewhere }
      const steps = order.steps.map((name) => ({ plugin: 'suite', step: sharedSteps[name] }))
      const setting = { models: order.models, steps, clock: new FakeClock(order.now) }
      stores.set(order.store, await openElsewhere(order.place as never, setting))
      return undefined
    }
    case 'ask': {
      const part = partOf(stores.get(order.store)!, order.shape) as Record<string, (...args: unknown[]) => unknown>
      return part[order.verb]!(...order.args)
    }
    case 'close':
      return stores.get(order.store)?.close()
    case 'die':
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), order.after)
      return new Promise(() => undefined)
  }
}

const tell = (told: Told) => process.connected && process.send!(told)

process.on('message', ({ id, order }: { readonly id: number; readonly order: Order }) => {
  follow(order).then(
    (value) => tell({ id, value }),
    (error: unknown) => {
      const known = NatterError.is(error)
      const message = error instanceof Error ? error.message : String(error)
      tell({ id, fault: { code: known ? error.code : undefined, message, retryable: known && error.retryable } })
    },
  )
})
// the suite is gone
process.on('disconnect', () => process.exit())
