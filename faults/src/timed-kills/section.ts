import { Random } from '../random.js'
import { Stage } from '../process/stage.js'
import { storeKind } from '../process/stores.js'
import type { Section, SectionOptions } from '../run/section.js'
import { violation } from '../checks/violation.js'
import { holdTimed } from './hold-timed.js'
import { liveTimed, restTimed } from './live-timed.js'
import { TimedPerson } from './timed-person.js'

const users = ['ada', 'ben', 'cleo']
/** Each does so many things at a time. */
const hands = 4

/**
 * Kills servers while messages become due that people have asked to be sent at a time, and that disappear at a time. Time is the
 * harness's: seconds pass at once, and it goes on over a restart. Afterwards each is held against what its sender was told.
 */
export async function timedKillSection(options: SectionOptions & { readonly kills: number }): Promise<Section> {
  const { store, seed, kills, progress } = options
  const random = new Random(seed).fork('timed kills')
  const stage = await Stage.open({ store, durability: 'full', clock: 'driven', identity: 'tokens', actions: true })
  const people = users.map((user) => new TimedPerson(stage, user, random.fork(user)))
  try {
    let server = await stage.up()
    await Promise.all(people.map((each) => each.begin()))
    const talking = people.flatMap((each) => Array.from({ length: hands }, () => each.talk()))
    for (let number = 1; number <= kills; number++) {
      await liveTimed(stage, server, random.fork(`life ${number}`))
      server = await stage.up()
      if (number % 10 === 0) progress(`${number} of ${kills} kills`)
    }
    for (const each of people) each.rest()
    await Promise.all(talking)
    const restless = await restTimed(stage, server, people)
    await stage.down(server)
    const opened = await storeKind(store).open(stage.place)
    const held = await holdTimed(opened.log, people).finally(() => opened.close())
    return {
      name: 'timed kills',
      figures: { kills, ...held.figures },
      violations: [...restless.map((what) => violation('I1', what)), ...held.violations],
    }
  } finally {
    for (const each of people) each.close()
    await stage.close()
  }
}
