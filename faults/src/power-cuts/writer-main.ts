/** Writes messages through a whole chat for as long as it lives, and says on standard output what was acknowledged. */
import { createChat } from '@natter/core'
import type { Ack, Plugins } from '@natter/core'
import { NatterError } from '@natter/core/contract'
import { offline } from '@natter/offline'
import { testIdentity } from '@natter/testkit'
import { errorLogger } from '../process/error-logger.js'
import { storeKind } from '../process/stores.js'
import { textOf } from './writing.js'
import type { WriterOrder } from './writing.js'

const order = JSON.parse(process.argv[2] ?? '') as WriterOrder
const { store, durability, name } = order
const plugins: Plugins = [await storeKind(store).plugin(order, durability), testIdentity(), offline()]
const chat = await createChat<Plugins>({ plugins, dataDir: order.folder, logger: errorLogger })
process.on('disconnect', () => process.exit(0))

/** Again, as a client does it, until it is told what became of it. */
async function send(from: string, user: string, id: string): Promise<Ack> {
  for (;;) {
    try {
      return await chat.as(from).send({ user }, { text: textOf(id) }, { id })
    } catch (error) {
      if (!NatterError.is(error) || !error.retryable) throw error
    }
  }
}

/** One message after the other, to one person. Several of these fill whole batches. */
async function write(lane: number): Promise<void> {
  for (let n = 1; ; n++) {
    const once = order.wide === true && n % 5 === 0
    const id = `${name}${once ? 'once-' : ''}${lane}-${n}`
    const [from, user] = once ? [`${id}-writer`, `${id}-reader`] : ['writer', `reader-${lane % 3}`]
    const ack = await send(from, user, id)
    if (ack.durability !== 'committed') throw new Error('nothing is stored')
    // A pipe is written to before this returns, so that no ack is known only to the process that is cut off.
    process.stdout.write(`${id} ${ack.conversation} ${ack.seq}\n`)
  }
}
await Promise.all([0, 1, 2, 3, 4, 5].map(write))
