import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { applyPatches } from '#plants/apply.js'
import { plantVariable } from '#plants/plant.js'
import type { Plant } from '#plants/plant.js'
import { assertFits, locate, plants } from '#plants/plants.js'
import { makePlan, planName } from '#src/kills/plan.js'
import { Random } from '#src/random.js'
import { runFaults } from './faults-program.js'

const patch = { module: '@natter/core/dist/index.js', find: 'a', replace: 'b' }

test('there are at least ten plants, with names of their own', (t) => {
  t.true(plants.length >= 10)
  t.is(new Set(plants.map(({ name }) => name)).size, plants.length)
})

test('every plant fits the code as it is', async (t) => {
  for (const plant of plants) await t.notThrowsAsync(assertFits(plant), plant.name)
})

test('a patch must fit in one place', (t) => {
  t.is(applyPatches('xay', [patch]), 'xby')
  t.throws(() => applyPatches('xxx', [patch]), { message: /in 0 places, not in one/ })
  t.throws(() => applyPatches('aa', [patch]), { message: /in 2 places, not in one/ })
})

test('a plant that no longer fits is said to, and is not taken for caught', async (t) => {
  const moved: Plant = {
    name: 'x',
    bug: '',
    breaks: 'I1',
    shownBy: 'kills',
    patches: [{ ...patch, find: 'not there' }],
  }
  await t.throwsAsync(assertFits(moved), { message: /Adjust the plant to the code/ })
})

test('nothing that ships knows of plants', async (t) => {
  let files = 0
  for (const name of ['core', 'client', 'testkit', 'auth', 'offline', 'storage-sql', 'storage-mongo']) {
    const folder = dirname(fileURLToPath(locate(`@natter/${name}/package.json`)))
    for (const entry of await readdir(join(folder, 'dist'), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      files++
      t.false((await readFile(join(entry.parentPath, entry.name), 'utf8')).includes(plantVariable), entry.name)
    }
  }
  t.true(files > 100)
})

test('a seed repeats the plan', (t) => {
  const plan = (seed: string) => planName(makePlan(new Random(seed).fork('plan'), 40))
  t.is(plan('7'), plan('7'))
  t.not(plan('7'), plan('8'))
})

test('the plants are listed, each with what it breaks and what shows it', async (t) => {
  const { code, stdout } = await runFaults(['--list-plants'])
  t.is(code, 0)
  for (const { name, bug } of plants) t.true(stdout.includes(`${name}\n    ${bug}`), name)
})

for (const [args, message] of [
  [['--kills', 'many'], /--kills is "many"; it must be a whole number from 1 to/],
  [['--kills', '0'], /--kills is "0"/],
  [['--slow-consumers', '501'], /from 1 to 500/],
  [['--store', 'paper'], /--store is "paper"; known are sqlite/],
  [['--store', 'combined', '--power-cuts', '1'], /--power-cuts needs a store in one database, and combined is in 2/],
  [['--full-disk', '0'], /--full-disk is "0"/],
  [['--database-kills', '3'], /--database-kills needs a store with a database server; sqlite is in/],
  [['--store', 'postgres', '--failovers', '1'], /--failovers needs a store with several members: --store mongo/],
  [['--kill', '3'], /--kill/],
  [['--plant', 'none'], /There is no plant "none"\. Known: ack-before-commit/],
] as const) {
  test(`${args.join(' ')} is refused with what to do`, async (t) => {
    const { code, stdout, stderr } = await runFaults(args)
    t.is(code, 2)
    t.regex(stdout + stderr, message)
  })
}
