import { mock } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { OwnSettings } from '@natter/offline/client'
import { signal } from '@preact/signals'
import test from 'ava'
import { openDrafts } from '#web/state/drafts.js'
import { keptIn } from '#web/state/kept.js'
import { shareDrafts } from '#web/state/share-drafts.js'

/** A device of a person, and the server as it shows itself to it. */
function device(link: 'online' | 'offline' = 'online') {
  let changed = () => {}
  const drafts = openDrafts(
    keptIn(() => {
      throw new Error('storage is not allowed here')
    }),
    'me',
  )
  const own = signal<OwnSettings>({ ready: true, privateRead: false, settings: {} })
  const sent: string[] = []
  let version = 0
  const answers: (() => void)[] = []
  const chat = {
    status: {
      get: () => ({ link }),
      subscribe(listener: () => void) {
        changed = listener
        return () => {}
      },
    },
    offline: {
      async set({ draft }: { readonly draft: string }) {
        sent.push(draft)
        version += 1
        const mine = version
        await new Promise<void>((resolve) => answers.push(resolve))
        return { conversation: 'c', version: mine }
      },
    },
  }
  const stop = shareDrafts(chat as never, drafts, own)
  return {
    drafts,
    sent,
    stop,
    /** The server answers what is under way. */
    async answer() {
      for (const done of answers.splice(0)) done()
      await turn()
    },
    /** A draft comes from the server, set at this version. */
    hears(draft: string, at: number) {
      own.value = { ...own.value, settings: { c: { conversation: 'c', version: at, ...(draft && { draft }) } } }
    },
    connects() {
      link = 'online'
      changed()
    },
    text: () => drafts.of('c').value,
  }
}

test.serial.beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }))
test.serial.afterEach.always(() => mock.timers.reset())

test.serial('a draft is sent a moment after the last key, once', async (t) => {
  const { drafts, sent, answer, hears, text, stop } = device()
  for (const text of ['h', 'ha', 'half']) {
    drafts.set('c', text)
    mock.timers.tick(1_000)
  }
  t.deepEqual(sent, [])
  mock.timers.tick(500)
  t.deepEqual(sent, ['half'])
  await answer()
  hears('half', 1)
  drafts.set('c', '')
  mock.timers.tick(1_500)
  t.deepEqual(sent, ['half', ''])
  await answer()
  t.is(text(), '', 'what the settings still say is from before')
  stop()
})

test.serial('what another device wrote is taken, and what is being written here is not replaced', async (t) => {
  const { drafts, hears, text, sent, answer, stop } = device()
  hears('from the phone', 1)
  t.is(text(), 'from the phone')
  drafts.set('c', 'from the phone, and the desk')
  hears('from the phone, twice', 2)
  t.is(text(), 'from the phone, and the desk')
  mock.timers.tick(1_500)
  t.deepEqual(sent, ['from the phone, and the desk'])
  await answer()
  stop()
})

test.serial('an echo of what I wrote earlier does not take my text back', async (t) => {
  const { drafts, hears, text, answer, stop } = device()
  drafts.set('c', 'one')
  mock.timers.tick(1_500)
  await answer()
  drafts.set('c', 'one two')
  mock.timers.tick(1_500)
  hears('one', 1)
  t.is(text(), 'one two', 'while the newer one is under way')
  await answer()
  hears('one', 1)
  t.is(text(), 'one two', 'and after it')
  hears('three', 3)
  t.is(text(), 'three')
  stop()
})

test.serial('a draft that was sent elsewhere is gone here, too', async (t) => {
  const { drafts, hears, text, answer, stop } = device()
  drafts.set('c', 'to be sent')
  mock.timers.tick(1_500)
  await answer()
  hears('to be sent', 1)
  hears('', 2)
  t.is(text(), '')
  stop()
})

test.serial('without a connection nothing is sent, and what stays goes out with the next', async (t) => {
  const { drafts, sent, text, connects, answer, stop } = device('offline')
  drafts.set('c', 'in the tunnel')
  mock.timers.tick(1_500)
  t.deepEqual(sent, [])
  t.is(text(), 'in the tunnel')
  connects()
  mock.timers.tick(1_500)
  t.deepEqual(sent, ['in the tunnel'])
  await answer()
  stop()
})
