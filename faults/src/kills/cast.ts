import { Host } from '../people/host.js'
import { Observer } from '../people/observer.js'
import { Pipeliner } from '../people/pipeliner.js'
import { Talker } from '../people/talker.js'
import type { Random } from '../random.js'
import type { Network } from '../record/network.js'

/** Who talks with whom. Eve knows nobody: what she receives besides her own words is a leak. */
const talkers = [
  { user: 'ada', devices: ['ada-desk', 'ada-phone'], peers: ['ben', 'cleo', 'pip'] },
  { user: 'ben', devices: ['ben-desk', 'ben-phone'], peers: ['ada', 'cleo'] },
  { user: 'cleo', devices: ['cleo-desk'], peers: ['ada', 'ben', 'cleo', 'pat'] },
  { user: 'eve', devices: ['eve-desk'], peers: ['eve'] },
] as const
const pipeliners = [
  { user: 'pip', peers: ['pat', 'ada'] },
  { user: 'pat', peers: ['pip'] },
] as const
const observers = [
  { user: 'pip', peers: ['pat', 'ada'] },
  { user: 'cleo', peers: ['ada', 'pat'] },
] as const

/** Who is told of orders. */
const buyers = ['ada', 'ben'] as const

/** The people of a run, with their devices. */
export interface Cast {
  /** Those whose conversations are compared. */
  readonly users: readonly string[]
  readonly talkers: readonly Talker[]
  readonly pipeliners: readonly Pipeliner[]
  readonly observers: readonly Observer[]
  /** Sends within transactions of its own, where the store has such. */
  readonly host: Host | undefined
}
interface CastOptions {
  readonly host?: boolean
  readonly others?: readonly string[]
}

export function makeCast(network: Network, random: Random, { host = false, others = [] }: CastOptions = {}): Cast {
  return {
    users: [...new Set([...talkers, ...pipeliners].map(({ user }) => user)), ...others],
    talkers: talkers.flatMap(({ user, devices, peers }) =>
      devices.map((device) => new Talker(network, user, device, peers, random.fork(device))),
    ),
    pipeliners: pipeliners.map(({ user, peers }) => new Pipeliner(network, user, peers, random.fork(`${user} sends`))),
    observers: observers.map(({ user, peers }) => new Observer(network, user, peers, random.fork(`${user} looks`))),
    host: host ? new Host(network, buyers, random.fork('host')) : undefined,
  }
}

/** Begins to talk. */
export function talk({ talkers, pipeliners, host }: Cast): void {
  for (const device of [...talkers, ...pipeliners]) device.talk()
  host?.talk()
}

export async function dismiss({ talkers, pipeliners, observers, host }: Cast): Promise<void> {
  await host?.rest()
  for (const device of [...pipeliners, ...observers]) device.close()
  await Promise.all(talkers.map((talker) => talker.close()))
}
