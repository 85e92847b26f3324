import test from 'ava'
import { token } from '@natter/core/contract'
import type { Token } from '@natter/core/contract'
import { setUp, setupOf } from './harness.js'
import { definePlugin } from '#src/kernel/plugin.js'

interface Mail {
  readonly sent: number
  readonly send: (to: string) => string
}
const Mail: Token<Mail, 'mail'> = token('mail').of()

class Mailer implements Mail {
  #sent = 0
  get sent() {
    return this.#sent
  }
  send(to: string) {
    this.#sent++
    return `sent to ${to}`
  }
}
const mailer = (make: () => Mail | Promise<Mail> = () => new Mailer()) =>
  setupOf('mailer', (api) => api.provide(Mail, make), { provides: [Mail] })

/** A plugin that takes its services apart in setup, as most do. */
function user(name: string, run: (mail: Mail) => unknown) {
  return definePlugin({
    name,
    needs: { mail: Mail },
    setup: (_api, { mail }) => ({ init: async () => void (await run(mail)) }),
  })()
}

test('a service taken in setup works from init on, with its private state', async (t) => {
  const seen: unknown[] = []
  const { kernel } = await setUp([
    user('news', (mail) => {
      const { send } = mail
      seen.push(mail.send('a'), send('b'), mail.sent, 'send' in mail, mail instanceof Mailer)
    }),
    mailer(),
  ])
  await kernel.boot()
  t.deepEqual(seen, ['sent to a', 'sent to b', 2, true, true])
})

test('a service is made once, after the plugins before have begun and before its own plugin does', async (t) => {
  const seen: string[] = []
  const before = setupOf('before', () => ({ init: () => void seen.push('init before') }))
  const owner = setupOf(
    'owner',
    (api) => {
      api.provide(Mail, async () => {
        seen.push('make mail')
        return new Mailer()
      })
      return { init: () => void seen.push('init owner') }
    },
    { provides: [Mail] },
  )
  const { kernel } = await setUp([
    before,
    owner,
    user('a', () => seen.push('use a')),
    user('b', () => seen.push('use b')),
  ])
  t.deepEqual(seen, [])
  await kernel.boot()
  t.deepEqual(seen, ['init before', 'make mail', 'init owner', 'use a', 'use b'])
  t.is(kernel.get(Mail), kernel.get(Mail))
})

test('all users of a service share it', async (t) => {
  let count = 0
  const { kernel } = await setUp([
    mailer(),
    user('a', (mail) => mail.send('x')),
    user('b', (mail) => (count = mail.sent)),
  ])
  await kernel.boot()
  t.is(count, 1)
  t.is(kernel.get(Mail).sent, 1)
})

test('once bound, a method of a service is a field of the facade: no proxy stands in its way', async (t) => {
  let facade: object = {}
  const { kernel } = await setUp([
    mailer(),
    user('a', (mail) => {
      facade = mail
    }),
  ])
  await kernel.boot()
  t.true(Object.hasOwn(facade, 'send'))
  t.is(typeof Object.getOwnPropertyDescriptor(facade, 'send')?.value, 'function')
})

test('what a service gets later, and services of free form, work as well', async (t) => {
  const free: Record<string, unknown> = { send: () => 'early' }
  const seen: unknown[] = []
  const { kernel } = await setUp([
    mailer(() => free as never),
    user('a', (mail) => {
      free.later = () => 'late'
      seen.push((mail as unknown as { later: () => string }).later(), mail.send(''), 'later' in mail)
    }),
  ])
  await kernel.boot()
  t.deepEqual(seen, ['late', 'early', true])
})

test('a service used in setup says that it is too early', async (t) => {
  const eager = definePlugin({
    name: 'eager',
    needs: { mail: Mail },
    setup(_api, { mail }) {
      mail.send('x')
    },
  })()
  await t.throwsAsync(setUp([eager, mailer()]), {
    code: 'NATTER_SERVICE_UNREADY',
    message:
      'eager: The service "mail" was used (.send) before it was ready.\n  Use services from init on, not in setup.',
  })
})

test('looking at a service in setup, as a logger or an await does, is no use of it', async (t) => {
  const looker = definePlugin({
    name: 'looker',
    needs: { mail: Mail },
    setup(_api, { mail }) {
      t.is(JSON.stringify(mail), '{}')
      t.is((mail as { then?: unknown }).then, undefined)
    },
  })()
  await t.notThrowsAsync(setUp([looker, mailer()]))
})

test('a wanted service is there where somebody provides it, and undefined where nobody does', async (t) => {
  const got: unknown[] = []
  const wanting = () =>
    definePlugin({
      name: 'news',
      wants: { mail: Mail },
      setup: (_api, { mail }) => ({ init: () => void got.push(mail?.send('x')) }),
    })()
  await (await setUp([wanting()])).kernel.boot()
  await (await setUp([wanting(), mailer()])).kernel.boot()
  t.deepEqual(got, [undefined, 'sent to x'])
})

test('a service of the core that is there is handed out as it is', async (t) => {
  const core = new Mailer()
  let got: unknown
  const plugin = definePlugin({
    name: 'news',
    needs: { mail: Mail },
    setup(_api, { mail }) {
      got = mail
    },
  })()
  const { kernel } = await setUp([plugin], { core: [[Mail, core]] })
  t.is(got, core)
  t.is(kernel.get(Mail), core)
  t.true(kernel.provides(Mail))
})

test('a service of the core may be supplied between setup and boot, once', async (t) => {
  let count = 0
  const { kernel } = await setUp([user('a', (mail) => (count = mail.sent))], { core: [[Mail]] })
  t.throws(() => kernel.get(Mail), {
    code: 'NATTER_SERVICE_UNREADY',
    message: 'The service "mail" is not ready yet.\n  Ask for it after boot.',
  })
  const mail = new Mailer()
  mail.send('x')
  kernel.supply(Mail, mail)
  t.throws(() => kernel.supply(Mail, mail), { code: 'NATTER_REGISTERED_TWICE' })
  await kernel.boot()
  t.is(count, 1)
})

test('only what the core announced can be supplied', async (t) => {
  const { kernel } = await setUp([])
  t.throws(() => kernel.supply(Mail, new Mailer()), {
    code: 'NATTER_REGISTERED_TWICE',
    message: 'The core supplies the service "mail", which it did not announce or has supplied before.',
  })
})

test('a service that the core announced and did not supply fails the boot', async (t) => {
  const { kernel } = await setUp([], { core: [[Mail]] })
  await t.throwsAsync(kernel.boot(), {
    code: 'NATTER_NOT_PROVIDED',
    message: 'The core promises the service "mail" and did not supply it before boot.',
  })
})

test('a service of the host’s container is made before the first plugin begins', async (t) => {
  const seen: unknown[] = []
  const { kernel } = await setUp([user('a', (mail) => seen.push(mail.send('x')))], {
    host: [[Mail, () => (seen.push('made'), new Mailer())]],
  })
  t.deepEqual(seen, [])
  await kernel.boot()
  t.deepEqual(seen, ['made', 'sent to x'])
})

test('a service that the host’s container cannot make fails the boot by name', async (t) => {
  const { kernel } = await setUp([], {
    host: [
      [
        Mail,
        () => {
          throw new Error('not registered')
        },
      ],
    ],
  })
  await t.throwsAsync(kernel.boot(), {
    message: 'the host\'s container: init (making the service "mail") failed: not registered',
  })
})

test('asking for a service that nobody provides says what to add', async (t) => {
  const { kernel } = await setUp([])
  t.false(kernel.provides(Mail))
  t.throws(() => kernel.get(Mail), {
    code: 'NATTER_NEED_MISSING',
    message:
      'The service "mail" was asked for, and no plugin provides it.\n' +
      '  Add a plugin that provides "mail" to createChat({ plugins }).',
  })
})

test('two kernels in one process share nothing', async (t) => {
  const one = await setUp([mailer()])
  const two = await setUp([mailer()])
  await Promise.all([one.kernel.boot(), two.kernel.boot()])
  one.kernel.get(Mail).send('x')
  t.is(two.kernel.get(Mail).sent, 0)
})
