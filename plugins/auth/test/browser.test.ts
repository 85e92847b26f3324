import { passkeys } from '@natter/auth/passkeys'
import { oidc } from '@natter/auth/oidc'
import type { ExecutionContext } from 'ava'
import type { Page } from 'playwright-core'
import { inChromium, script } from './chromium.js'
import { client, realProvider } from './providers.js'
import { password, serve } from './serve.js'

const source = `
import { authSession } from '@natter/auth/client'
import { passkeysClient } from '@natter/auth/passkeys/client'
import { oidcClient } from '@natter/auth/oidc/client'
const session = authSession({ url: '/chat' })
const caught = (promise) => promise.then((value) => value ?? 'done', (error) => error.code ?? String(error))
const [keys, elsewhere] = [passkeysClient(session), oidcClient(session)]
const own = oidcClient(authSession({ url: '/chat', mode: 'token' }))
Object.assign(globalThis, { session, keys, elsewhere, own, caught, back: elsewhere.returned() })
`
const html = '<!doctype html><meta charset="utf-8"><title>Host</title><script type="module" src="/page.js"></script>'

async function open(t: ExecutionContext, page: Page) {
  const at = await realProvider(t)
  const pages = {
    '/': { type: 'html', body: html },
    '/settings': { type: 'html', body: html },
    '/page.js': { type: 'js', body: await script(source) },
  }
  const example = { id: 'example', name: 'Example', issuer: at.issuer, ...client }
  const server = await serve(t, {
    pages,
    authAt: (port) => ({
      authenticators: [
        passkeys({ rpName: 'Example', origins: [`http://localhost:${port}`] }),
        oidc({ providers: [example] }),
      ],
    }),
  })
  const site = server.url.replace('127.0.0.1', 'localhost')
  at.open(`${site}/chat/auth/oidc/callback/example`)
  const run = <T>(code: string) => page.evaluate(code) as Promise<T>
  const ready = () => page.waitForFunction('globalThis.session')
  await page.goto(`${site}/`)
  await ready()
  return { at, server, site, run, ready }
}
const registering = `caught(session.register({ handle: 'alice', password: ${JSON.stringify(password)} }))`

inChromium(
  'a passkey of a real browser: added, logs in without a handle, follows the password',
  async (t, page, authenticator) => {
    const { run } = await open(t, page)
    t.true(await run('keys.supported()'))
    await run(registering)
    t.like(await run('caught(keys.add({ name: "Laptop" }))'), { name: 'Laptop', alone: true, second: false })
    t.is(await authenticator.credentials(), 1)
    t.is(await run('caught(keys.add())'), 'AUTH_FACTOR_EXISTS', 'the browser sees that it has one already')

    await run('session.logout()')
    t.like(await run('caught(keys.logIn())'), { status: 'ok', user: { handle: 'alice' } })
    await authenticator.recognise(false)
    await run('session.logout()')
    t.is(await run('caught(keys.logIn())'), 'AUTH_PASSKEY_CANCELLED', 'its owner was not recognised')
    await authenticator.recognise(true)
    t.like(await run('caught(keys.logIn())'), { status: 'ok' })

    await run('keys.list().then(([key]) => keys.change(key.id, { second: true }))')
    await run('session.logout()')
    const asked = await run<{ flow: string }>(
      `session.login({ handle: 'alice', password: ${JSON.stringify(password)} })`,
    )
    t.like(asked, { status: 'factor', methods: ['passkey', 'recovery-code'] })
    t.like(await run(`caught(keys.logIn({ flow: ${JSON.stringify(asked.flow)} }))`), { status: 'ok' })

    await run('keys.list().then(([key]) => keys.remove(key.id))')
    t.deepEqual(await run('keys.list()'), [])
    await run('session.logout()')
    t.is(await run('caught(keys.logIn())'), 'AUTH_WRONG_CREDENTIALS', 'the server knows it no more')
    await authenticator.clear()
    t.is(await run('caught(keys.logIn())'), 'AUTH_PASSKEY_CANCELLED')
  },
)

inChromium('a real browser goes to a provider and comes back: a new account, a log-in, a link', async (t, page) => {
  const { at, server, site, run, ready } = await open(t, page)
  const visit = async (code: string) => {
    await run(`void (globalThis.back = undefined, ${code})`)
    await page.waitForFunction('globalThis.back')
  }
  at.login({ sub: 'a-1', name: 'Alice', preferred_username: 'alice' })
  await visit(`elsewhere.start('example')`)
  t.deepEqual(await run('back'), {})
  t.is(page.url(), `${site}/`, 'the mark is taken away')
  t.like(await run('caught(elsewhere.finish())'), { status: 'new', handle: 'alice' })
  const made = await run<{ codes: string[] }>(`caught(elsewhere.register({ handle: 'alice' }))`)
  t.like(made, { status: 'ok', user: { handle: 'alice' } })
  t.is(made.codes.length, 10)
  await page.reload()
  await ready()
  t.like(await run('session.resume()'), { user: { handle: 'alice' } })

  await run('session.logout()')
  await visit(`elsewhere.start('example', '/settings?tab=1')`)
  t.is(page.url(), `${site}/settings?tab=1`)
  t.like(await run('caught(elsewhere.finish())'), { status: 'ok', user: { handle: 'alice' } })
  t.is(await run('elsewhere.links().then(([link]) => caught(elsewhere.unlink(link.id)))'), 'AUTH_LAST_WAY')

  // There the person is still logged in as before.
  await page.context().clearCookies({ name: /^_session/ })
  at.login({ sub: 'a-2', preferred_username: 'alice-at-work' })
  server.clock.jump(1)
  await visit(`elsewhere.link('example')`)
  t.like(await run('session.resume()'), { user: { handle: 'alice' } })
  t.deepEqual(await run('caught(elsewhere.finish())'), { status: 'linked', provider: 'example' })
  t.like(await run('elsewhere.links()'), [{ name: 'alice' }, { name: 'alice-at-work' }])
  t.is(await run('elsewhere.links().then(([link]) => caught(elsewhere.unlink(link.id)))'), 'done')

  // An app that keeps its own refresh token needs the visit's cookie all the same.
  await visit(`own.start('example')`)
  t.like(await run('caught(own.finish())'), { status: 'ok', user: { handle: 'alice' } })

  await page.context().clearCookies({ name: /^_session/ })
  at.login(undefined)
  await run('session.logout()')
  await visit(`elsewhere.start('example')`)
  t.deepEqual(await run('back'), { error: 'AUTH_PROVIDER_REFUSED' })
})
