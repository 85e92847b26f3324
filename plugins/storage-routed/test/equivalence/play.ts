import { isDeepStrictEqual } from 'node:util'
import type { ExecutionContext } from 'ava'
import type { Device } from './halves.js'
import type { Case } from './row.js'
import { Scene } from './scene.js'
import { fetched, held, watch } from './state.js'
import type { State } from './state.js'
import type { Town } from './town.js'

/**
 * What happens to the network of the device that goes stale, before something happens: nothing; it breaks; it breaks and is there
 * again at once; it breaks after so many more frames; it is gone, until it is there again.
 */
export type Weather = 'calm' | 'cut' | 'blink' | number | 'away' | 'back'

/** Something that happens, by its number, in this weather; and whether the two devices are compared behind it. */
export interface Step {
  readonly plays: number
  readonly weather: Weather
  readonly compared: boolean
}
interface Played {
  /** What was told or written, by its kind. */
  readonly happened: ReadonlySet<string>
  readonly compared: number
}

/** So many turns of a second a device has to come to what there is. */
const patience = 15

/**
 * Lets things happen while a device goes stale and comes back, and holds what it has against what a device has that fetches all
 * of it anew.
 */
export async function play(
  t: ExecutionContext,
  town: Town,
  {
    cases,
    steps,
    events,
  }: { readonly cases: readonly Case[]; readonly steps: readonly Step[]; readonly events: readonly string[] },
): Promise<Played> {
  const scene = await Scene.open(town, events)
  try {
    return await playIn(t, scene, cases, steps)
  } finally {
    await scene.close()
  }
}

async function playIn(
  t: ExecutionContext,
  scene: Scene,
  cases: readonly Case[],
  steps: readonly Step[],
): Promise<Played> {
  const { town } = scene
  const acts = []
  for (const { plays } of steps) acts.push(await cases[plays]!(scene))
  await town.pass(3_000)

  const stale = new Stale(await scene.device())
  await equal(t, scene, stale.device, 'at first')
  let compared = 0
  for (const [number, { weather, compared: now, plays }] of steps.entries()) {
    await stale.meets(weather, town)
    await acts[number]!()
    if (!now && number < steps.length - 1) continue
    await stale.meets('back', town)
    const said = steps.slice(0, number + 1).map((step) => `${step.plays} ${step.weather}`)
    await equal(t, scene, stale.device, `behind case ${plays}: ${said.join(', ')}`)
    compared += 1
  }
  return { happened: await scene.happened(), compared }
}

/** The device, and its network. */
class Stale {
  readonly device: Device
  #back: (() => void) | undefined

  constructor(device: Device) {
    this.device = device
  }

  async meets(weather: Weather, { clock, passUntil }: Town): Promise<void> {
    const back = this.#back
    // Where there is no network, nothing of it breaks.
    if (weather === 'calm' || (back ? weather !== 'back' : weather === 'back')) return
    if (typeof weather === 'number') return this.device.disconnectAfter(weather)
    this.#back = weather === 'away' ? this.device.away() : undefined
    if (weather === 'away') return
    if (back) back()
    else this.device.disconnect()
    await clock.advance(0)
    if (weather === 'cut') return
    this.device.connect().catch(() => undefined)
    await passUntil(() => this.device.status.get().link === 'online')
  }
}

/** Waits until the two are equal, or as long as they may take. */
async function equal(t: ExecutionContext, scene: Scene, device: Device, when: string): Promise<void> {
  const fresh = await scene.device()
  watch(device, scene)
  watch(fresh, scene)
  // What breaks now would be waited for in vain: time stands still while the two are looked at.
  device.disconnectAfter(Infinity)
  const online = () => device.status.get().link === 'online'
  await scene.town.passUntil(() => online() && fresh.offline.own.get().ready && fresh.friends.list.get().ready)
  let [has, should]: [State, State] = [{}, {}]
  for (let turn = 0; turn < patience; turn++) {
    await scene.town.pass(1_000)
    // What it asks for without a connection waits for one, and time stands still.
    await scene.town.passUntil(online)
    should = await fetched(fresh, scene)
    has = await held(device, scene)
    if (isDeepStrictEqual(has, should)) break
  }
  await fresh.close()
  t.deepEqual(has, should, when)
}
