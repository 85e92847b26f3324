import { clockSection } from '../clock/section.js'
import { failoverSection } from '../databases/failover-section.js'
import { databaseKillSection } from '../databases/kill-section.js'
import { fullDiskSection } from '../full-disks/section.js'
import { killSection } from '../kills/section.js'
import { leakSection } from '../leaks/section.js'
import { powerSection } from '../power-cuts/section.js'
import { restoreSection } from '../restore/section.js'
import { slowSection } from '../slow/section.js'
import { timedKillSection } from '../timed-kills/section.js'
import { Lacking } from './lacking.js'
import type { Options } from './options.js'
import type { Section, SectionName, SectionOptions } from './section.js'
import { whyNot } from './why-not.js'

/** How much of each part runs when nothing is asked for by name. */
const usual = {
  kills: 40,
  timedKills: 20,
  databaseKills: 10,
  failovers: 4,
  powerCuts: 10,
  fullDisks: 3,
  slowConsumers: 500,
  leaks: 100,
  silenceMs: 10_000,
}
/** How much of each part runs to show a planted bug. */
const toShow: typeof usual = {
  ...usual,
  kills: 2,
  timedKills: 12,
  powerCuts: 3,
  slowConsumers: 60,
  leaks: 300,
  silenceMs: 1_500,
}

type Amounts = typeof usual

const runners: Record<SectionName, (options: SectionOptions, amounts: Amounts) => Promise<Section>> = {
  kills: (options, { kills }) => killSection({ ...options, kills }),
  'timed kills': (options, { timedKills }) => timedKillSection({ ...options, kills: timedKills }),
  'database kills': (options, { databaseKills }) => databaseKillSection({ ...options, kills: databaseKills }),
  failovers: (options, { failovers }) => failoverSection({ ...options, failovers }),
  'restored store': restoreSection,
  'clock jumps': clockSection,
  'slow consumers': (options, { slowConsumers }) => slowSection({ ...options, sockets: slowConsumers }),
  'power cuts': (options, { powerCuts }) => powerSection({ ...options, cuts: powerCuts }),
  'full disk': (options, { fullDisks }) => fullDiskSection({ ...options, rounds: fullDisks }),
  leaks: (options, { leaks }) => leakSection({ ...options, runs: leaks }),
}

/** What the command line asks for: the parts, and how much of each. */
export function sectionsOf(options: Options): readonly SectionName[] {
  const asked: readonly (readonly [SectionName, boolean])[] = [
    ['kills', options.kills !== undefined],
    ['timed kills', options.timedKills !== undefined],
    ['database kills', options.databaseKills !== undefined],
    ['failovers', options.failovers !== undefined],
    ['restored store', options.restoredStore],
    ['clock jumps', options.clockJumps],
    ['slow consumers', options.slowConsumers !== undefined],
    ['power cuts', options.powerCuts !== undefined],
    ['full disk', options.fullDisks !== undefined],
    ['leaks', options.leaks !== undefined],
  ]
  const named = asked.filter(([, wanted]) => wanted)
  if (named.length > 0) return named.map(([name]) => name)
  return asked.map(([name]) => name).filter((name) => whyNot(name, options.store) === undefined)
}

/** Runs parts one after the other. */
export async function runSections(
  names: readonly SectionName[],
  options: Options,
  tell: { readonly progress: (line: string) => void; readonly done: (section: Section) => void },
): Promise<readonly Section[]> {
  const { store, seed, plant } = options
  const base = plant === undefined ? usual : toShow
  const amounts: Amounts = {
    kills: options.kills ?? base.kills,
    timedKills: options.timedKills ?? base.timedKills,
    databaseKills: options.databaseKills ?? base.databaseKills,
    failovers: options.failovers ?? base.failovers,
    powerCuts: options.powerCuts ?? base.powerCuts,
    fullDisks: options.fullDisks ?? base.fullDisks,
    slowConsumers: options.slowConsumers ?? base.slowConsumers,
    leaks: options.leaks ?? base.leaks,
    silenceMs: base.silenceMs,
  }
  const sections: Section[] = []
  for (const name of names) {
    const progress = (line: string) => tell.progress(`${name}: ${line}`)
    const section = await runners[name]({ store, seed, silenceMs: amounts.silenceMs, progress }, amounts).catch(
      (error: unknown): Section => {
        if (!(error instanceof Lacking)) throw error
        return { name, figures: {}, violations: [], notRun: `needs ${error.message}` }
      },
    )
    tell.done(section)
    sections.push(section)
  }
  return sections
}
