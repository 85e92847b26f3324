import type { Plant } from './plant.js'

const log = '@natter/client/dist/log.js'
const outbox = '@natter/client/dist/outbox.js'

/** Bugs in the client. */
export const clientPlants: readonly Plant[] = [
  {
    name: 'client-shows-twice',
    bug: 'The client gives what it holds already to the app again.',
    breaks: 'I4',
    shownBy: 'kills',
    patches: [{ module: log, find: 'return again(thread, entry);', replace: 'return deliver(thread, entry);' }],
  },
  {
    name: 'client-shows-out-of-order',
    bug: 'The client does not wait for what is missing before a live entry.',
    breaks: 'I4',
    shownBy: 'kills',
    patches: [
      {
        module: log,
        find: 'while ((entry = thread.ahead.get(thread.have + 1)))',
        replace: 'while ((entry = thread.ahead.values().next().value))',
      },
    ],
  },
  {
    name: 'outbox-dropped-on-reconnect',
    bug: 'What was on its way when the connection broke is forgotten.',
    breaks: 'all sent',
    shownBy: 'kills',
    patches: [
      {
        module: outbox,
        find: 'if (answer && find(keyOf(kept)) === item)',
        replace:
          'if (!answer) { remove(item); write(() => store.remove(keyOf(kept))); }\n            else if (find(keyOf(kept)) === item)',
      },
    ],
  },
  {
    name: 'outbox-out-of-order',
    bug: 'All that is queued is sent at once, the newest first.',
    breaks: 'I3',
    shownBy: 'kills',
    patches: [
      {
        module: outbox,
        find: 'lane.find(({ failed }) => !failed)',
        replace: 'lane.findLast(({ failed }) => !failed)',
      },
    ],
  },
]
