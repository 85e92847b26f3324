import type { ServerProcess } from '../process/server-process.js'
import type { Network } from '../record/network.js'
import type { Cast } from './cast.js'
import type { Disturbance, Life, Moment } from './plan.js'

/** No moment is waited for longer than this, ms. */
const patienceMs = 2_000
const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Runs one life of a server, from its boot to its death by `kill -9`. */
export async function liveAndDie(
  life: Life,
  started: { readonly server: ServerProcess; boot(): Promise<number> },
  network: Network,
  cast: Cast,
): Promise<void> {
  const { server } = started
  const booting = started.boot()
  if (life.moment.at === 'boot') {
    // It may die before it is ready, which is the point; or be ready before it dies.
    booting.then(
      (port) => (network.port = port),
      () => undefined,
    )
    await after(life.moment.ms)
  } else {
    network.port = await booting
    const timers = life.disturbances.map((each) => setTimeout(() => disturb(each, server, cast, network), each.afterMs))
    await moment(life.moment, network, server)
    for (const timer of timers) clearTimeout(timer)
  }
  network.port = undefined
  network.watch = undefined
  await server.kill()
}

function fail({ code, signal, text }: { code: number | null; signal: string | null; text: string }): never {
  throw new Error(`the server ended by itself (${signal ?? `code ${code}`}): ${text}`)
}

/** Resolves at the moment that a plan names. @throws When the server ends by itself. */
export async function moment(
  moment: Exclude<Moment, { at: 'boot' }>,
  network: Network,
  server: ServerProcess,
): Promise<void> {
  await Promise.race([reached(moment, network), server.ended.then(fail)])
  network.watch = undefined
}

function reached(moment: Exclude<Moment, { at: 'boot' }>, network: Network): Promise<void> {
  if (moment.at === 'any time') return after(moment.ms)
  return new Promise((resolve) => {
    let left = moment.count
    setTimeout(resolve, patienceMs).unref()
    network.watch = (direction, frame) => {
      if (!counts(moment.at, direction, frame) || --left > 0) return
      if (moment.at === 'send') setTimeout(resolve, moment.ms)
      else resolve()
    }
  })
}

function counts(at: 'ack' | 'send' | 'resume', direction: 'in' | 'out', [kind, , name]: readonly unknown[]): boolean {
  if (at === 'ack') return direction === 'in' && kind === 'a'
  if (at === 'send') return direction === 'out' && kind === 's'
  return direction === 'out' && kind === 'q' && (name === 'offline.sync' || name === 'offline.page')
}

function disturb({ what, device }: Disturbance, server: ServerProcess, { talkers }: Cast, network: Network): void {
  const sockets = [...network.sockets]
  const socket = sockets[device % Math.max(sockets.length, 1)]
  const talker = talkers[device % talkers.length]!
  switch (what.kind) {
    case 'cut':
      return socket?.cut()
    case 'cut at':
      return socket?.cutAt(what.frames, what.swallow)
    case 'stall':
      return socket?.stall(what.ms)
    case 'crash':
      return talker.crash()
    case 'twin':
      return talker.twin(what.ms)
    case 'freeze server':
      server.freeze()
      setTimeout(() => server.thaw(), what.ms)
  }
}
