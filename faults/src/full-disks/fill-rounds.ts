import { violation } from '../checks/violation.js'
import type { Violation } from '../checks/violation.js'
import { nextAck, talkOver } from '../databases/talk-over.js'
import type { DiskOrder } from '../disks/disk-work.js'
import type { Disk } from '../disks/disk.js'
import { planName } from '../kills/plan.js'
import { noise } from '../process/noise.js'
import type { Filled } from '../process/orders.js'
import type { Stage } from '../process/stage.js'
import { storeKind } from '../process/stores.js'
import { Random } from '../random.js'
import { databasesOnDisk } from './databases-on-disk.js'
import type { FillOrder, FillResult } from './fill-messages.js'
import { Refusals } from './refusals.js'
import { Supervised } from './supervised.js'

/** Who fills the disk, and whose messages these are. */
const [filler, reader] = ['filler', 'reader']
const bytes = 16_000
/** More than this holds no disk that is full, whatever a server had set aside before. */
const most = 4_000
/** On a busy machine sends are refused because they take too long; so often it is tried again. */
const attempts = 10
/** Less than this is no room, bytes. */
const crumbs = 64 * 1_024
/** So long what stands on a disk that is free again may take to serve, ms. */
const patienceMs = 30_000

interface Round {
  /** So many bytes are left free, to be taken by what people write. */
  readonly leave: number
  /** So long the disk stays full, ms. */
  readonly holdMs: number
}

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Fills the disk, sees what is refused, frees it, and starts what has ended; at last holds every ack against what there is. */
export async function fillRounds(
  { rounds, folder, ...order }: DiskOrder<FillOrder>,
  disk: Disk,
  progress: (line: string) => void,
): Promise<FillResult> {
  const { store, seed } = order
  const random = new Random(seed).fork('full disk')
  const plan: readonly Round[] = Array.from({ length: rounds }, () => ({
    leave: random.between(0, 4 * 2 ** 20),
    holdMs: random.between(300, 1_000),
  }))
  const { databases } = storeKind(store)
  const database = databases.length > 0 ? new Supervised(await databasesOnDisk(databases, disk, folder)) : undefined
  const refusals = new Refusals()
  const wrong: Violation[] = []
  let longest = 0
  const talk = await talkOver(
    { ...order, progress },
    { database, parent: database ? folder : disk.path, others: [reader] },
    plan,
    async (round, stage, server) => {
      const name = `full-${plan.indexOf(round) + 1}`
      database?.rest()
      await disk.fill(round.leave)
      refusals.watch(stage.network)
      for (let attempt = 1; ; attempt++) {
        const order = { name: `${name}.${attempt}`, from: filler, to: reader, bytes, most } as const
        const filled = await server.ask({ ask: 'fill', ...order })
        note(stage, filled)
        refusals.add(filled)
        const full = filled.refused.some(({ code }) => code === 'STORAGE_FULL') || (await disk.left()) < crumbs
        if (full || (database && !database.run)) break
        if (attempt < attempts) continue
        wrong.push(violation('the harness', `${name}: the disk did not get full`))
        break
      }
      await after(round.holdMs)
      refusals.rest(stage.network)
      await disk.free()
      database?.resume()
      const freed = performance.now()
      await nextAck(stage.network, patienceMs)
      longest = Math.max(longest, performance.now() - freed)
      return server
    },
  )
  const { violations, ...figures } = talk
  return {
    figures: {
      rounds,
      databases_ended: database?.ended ?? 0,
      ...figures,
      resumed_ms: Math.round(longest),
      refused: refusals.text,
      plan: planName(plan),
    },
    violations: [...wrong, ...refusals.violations(), ...violations],
  }
}

/** What was acknowledged must be there at the end; what was refused may be. */
function note({ network: { history } }: Stage, { stored, refused }: Filled): void {
  const give = (id: string) => history.give(filler, reader, id, noise(id, bytes))
  for (const { id, seq } of stored) give(id).acks.push({ seq, at: 0, tick: history.tick() })
  for (const { id } of refused) give(id).mayBeLost = true
}
