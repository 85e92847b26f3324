import type { Patch, Plant } from './plant.js'

const lyingStores = new URL('./lying-stores.js', import.meta.url).href
/** The plugin `offline` works on a store that lies. */
const onStore = (lie: 'earlyAck' | 'newSeqForRetry'): Patch[] => [
  {
    module: '@natter/offline/dist/plugin.js',
    find: "import * as contract from './contract.js';",
    replace: `import * as contract from './contract.js';\nimport { ${lie} } from '${lyingStores}';`,
  },
  {
    module: '@natter/offline/dist/plugin.js',
    find: 'const members = new MembershipCache(storage);',
    replace: `storage = ${lie}(storage); const members = new MembershipCache(storage);`,
  },
]
const writer = '@natter/storage-sql/dist/sqlite/log-writer.js'

/** Bugs in what is stored. */
export const storePlants: readonly Plant[] = [
  {
    name: 'ack-before-commit',
    bug: 'Acks come from memory; the entry is written 30 ms later.',
    breaks: 'I1',
    shownBy: 'kills',
    patches: onStore('earlyAck'),
  },
  {
    name: 'dedupe-off',
    bug: 'No unique index over sender, conversation and client id: a retry is stored again.',
    breaks: 'I2',
    shownBy: 'kills',
    patches: [
      {
        module: '@natter/storage-sql/dist/sqlite/schema.js',
        find: "build.unique(['conv', 'sender', 'client'], { indexName: 'natter_entry_key' });",
        replace: "build.index(['conv', 'sender', 'client'], 'natter_entry_key');",
      },
      { module: writer, find: 'on conflict (conv, sender, client) do nothing', replace: '' },
    ],
  },
  {
    name: 'new-seq-for-retry',
    bug: 'A retry is recognised and answered with the next seq in place of its own.',
    breaks: 'I2',
    shownBy: 'kills',
    patches: onStore('newSeqForRetry'),
  },
  {
    name: 'begun-is-never-taken-up',
    bug: 'A message that is to be sent at a time is marked as being sent, and nobody looks whether who sends it has died.',
    breaks: 'I1',
    shownBy: 'timed kills',
    patches: [
      {
        module: '@natter/actions/dist/scheduled/sender.js',
        find: 'wakeAt: now + leaseMs',
        replace: 'wakeAt: undefined',
      },
    ],
  },
  {
    name: 'digest-per-process',
    bug: 'Bodies are compared by a digest under a key of the process: after a restart a retry is a conflict.',
    breaks: 'all sent',
    shownBy: 'kills',
    patches: [
      {
        module: '@natter/core/dist/pipeline/body-digest.js',
        find: 'key + body',
        replace: 'key + process.pid + body',
      },
    ],
  },
  {
    name: 'seq-from-a-cache',
    bug: 'The next seq comes from a counter in memory, which also counts what was not stored.',
    breaks: 'I3',
    shownBy: 'kills',
    patches: [
      {
        module: writer,
        find: 'const seq = conversation.seq + 1;',
        replace: `const counters = (globalThis.plantedCounters ??= new Map());
        const seq = Math.max(counters.get(conversation.num) ?? 0, conversation.seq) + 1;
        counters.set(conversation.num, seq);`,
      },
    ],
  },
  {
    name: 'marks-move-back',
    bug: 'A read mark is set to what the device says, lower or not.',
    breaks: 'I7',
    shownBy: 'kills',
    patches: [
      {
        module: writer,
        find: 'const read = Math.max(wasRead, Math.min(wanted.read, conversation.seq));',
        replace: 'const read = wanted.read > 0 ? Math.min(wanted.read, conversation.seq) : wasRead;',
      },
      { module: writer, find: 'read > wasRead ||', replace: 'read !== wasRead ||' },
    ],
  },
  {
    name: 'time-moves-back',
    bug: 'An entry gets the time of the wall clock, also when that is before the previous entry.',
    breaks: 'I12',
    shownBy: 'clock jumps',
    patches: [{ module: writer, find: 'Math.max(conversation.at, append.at)', replace: 'append.at' }],
  },
  {
    name: 'expires-at-first-sight',
    bug: 'What has expired by the wall clock is removed at once, without a second look a minute later.',
    breaks: 'I12',
    shownBy: 'clock jumps',
    patches: [
      { module: '@natter/storage-sql/dist/sql-kv.js', find: 'Math.min(before, now)', replace: 'now' },
      {
        module: '@natter/storage-sql/dist/sql-store.js',
        find: 'if (before !== undefined)',
        replace: 'if (now !== before)',
      },
    ],
  },
  {
    name: 'weak-sync',
    bug: 'SQLite runs with synchronous=NORMAL and calls it full.',
    breaks: 'I1',
    shownBy: 'power cuts',
    patches: [
      {
        module: '@natter/storage-sql/dist/sqlite/pragmas.js',
        find: "${durability === 'full' ? 'FULL' : 'NORMAL'}",
        replace: 'NORMAL',
      },
      { module: '@natter/storage-sql/dist/sqlite/pragmas.js', find: "['2', '3']", replace: "['1', '2', '3']" },
    ],
  },
]
