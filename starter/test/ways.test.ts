import { Secret, TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import { inChromium } from './support/chromium.js'
import { freePort } from './support/free-port.js'
import { openGallery } from './support/gallery.js'
import { client, startProvider } from './support/oidc-provider.js'
import { Person, password } from './support/person.js'
import { startServer } from './support/server-process.js'

/** What an authenticator app shows, now or a step of 30 s later: a code counts once. */
const codeOf = (secret: string, later = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + later * 30_000 })

/** A device with a fingerprint reader whose owner always touches it. */
async function withAuthenticator(page: Page) {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}

async function logOut({ page }: Person) {
  await page.goto(`${new URL(page.url()).origin}/#/you`)
  await page.getByRole('button', { name: 'Log out' }).click()
  await page.locator('dialog').getByRole('button', { name: 'Log out' }).click()
  await page.getByLabel('I have an account').waitFor()
}

async function enterPassword({ page }: Person) {
  await page.getByLabel('I have an account').check()
  await page.getByLabel('Handle', { exact: true }).fill('ana')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
}

inChromium('ways to log in', (test) => {
  test('an authenticator app: set up, asked for, replaced by a recovery code, and taken away', async (t) => {
    const gallery = await openGallery()
    t.log(`Pictures are in ${gallery.folder}`)
    const { url } = await startServer(t)
    const ana = await Person.arrive(t, t.context.browser, url, { expected: /status of 40[13]/ })
    const { page } = ana
    await ana.open()
    await page.getByLabel('Handle', { exact: true }).fill('ana')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Create my account' }).click()
    const recovery = await page.locator('.codes li').first().innerText()
    await page.getByRole('button', { name: 'I kept them' }).click()
    await page.getByRole('button', { name: 'Go to my conversations' }).click()

    await ana.open('#/you/ways-in')
    // The log-in counts as a proof for ten minutes; the server's clock cannot be turned here.
    const late = { error: { code: 'AUTH_PROOF_NEEDED', message: 'Log in again.' } }
    let asked = 0
    await page.route('**/auth/totp', (route) =>
      route.request().method() === 'POST' && asked++ === 0
        ? route.fulfill({ status: 403, json: late })
        : route.continue(),
    )
    await page.getByRole('button', { name: 'Set up an app' }).click()
    await page.locator('dialog').getByLabel('Your password').fill('not my password')
    await page.locator('dialog').getByRole('button', { name: 'Go on' }).click()
    await page.locator('dialog').getByText('This is not your current password.').waitFor()
    t.deepEqual(await gallery.show(page, 'proof'), [])
    await page.locator('dialog').getByLabel('Your password').fill(password)
    await page.locator('dialog').getByRole('button', { name: 'Go on' }).click()
    const secret = await page.getByLabel('Key', { exact: true }).inputValue()
    t.deepEqual(await gallery.show(page, 'ways-app'), [])
    await page.getByLabel('Code', { exact: true }).fill('000000')
    await page.getByRole('button', { name: 'Turn it on' }).click()
    await page.getByText('This code is not right').waitFor()
    await page.getByLabel('Code', { exact: true }).fill(codeOf(secret))
    await page.getByRole('button', { name: 'Turn it on' }).click()
    await page.getByText('Your authenticator app is set up.').waitFor()

    await logOut(ana)
    await enterPassword(ana)
    await page.getByText('One more step').waitFor()
    t.deepEqual(await gallery.show(page, 'factor'), [])
    await page.getByLabel('Code', { exact: true }).fill('123456')
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByText('This code is not right').waitFor()
    await page.getByLabel('Code', { exact: true }).fill(codeOf(secret, 1))
    await page.getByRole('button', { name: 'Go on' }).click()
    await ana.finder.waitFor()

    await logOut(ana)
    await enterPassword(ana)
    await page.getByRole('button', { name: 'Use a recovery code instead' }).click()
    await page.getByLabel('Recovery code').fill(recovery)
    await page.getByRole('button', { name: 'Go on' }).click()
    await ana.finder.waitFor()

    await ana.open('#/you/ways-in')
    await page.getByRole('button', { name: 'Stop asking for a code' }).click()
    await page.locator('dialog').getByRole('button', { name: 'Stop asking for a code' }).click()
    await page.getByRole('button', { name: 'Set up an app' }).waitFor()
    await logOut(ana)
    await enterPassword(ana)
    await ana.finder.waitFor()
    t.pass()
  })

  test('a passkey: added, named, logs in without a handle, follows the password, and is removed', async (t) => {
    const gallery = await openGallery()
    const port = await freePort()
    await startServer(t, { port })
    // Browsers have passkeys on localhost and not on addresses in digits.
    const ana = await Person.arrive(t, t.context.browser, `http://localhost:${port}`)
    const { page } = ana
    await withAuthenticator(page)
    await ana.join('ana')
    await ana.open('#/you/ways-in')
    await page.getByText('You have no passkey yet.').waitFor()
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByText('Your passkey is ready.').waitFor()
    await page.getByRole('button', { name: /^Rename / }).click()
    await page.getByLabel('Name of the passkey').fill('Kitchen laptop')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Kitchen laptop').first().waitFor()
    t.deepEqual(await gallery.show(page, 'ways-passkey'), [])

    await logOut(ana)
    await page.getByLabel('I have an account').check()
    await page.getByRole('button', { name: 'Use a passkey' }).waitFor()
    t.deepEqual(await gallery.show(page, 'login'), [])
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await ana.finder.waitFor()

    await ana.open('#/you/ways-in')
    await page.getByLabel('Ask for Kitchen laptop after the password as well').check()
    await ana.page.waitForLoadState('networkidle')
    await page.reload()
    t.true(await page.getByLabel('Ask for Kitchen laptop after the password as well').isChecked())
    await logOut(ana)
    await enterPassword(ana)
    await page.getByText('Your account asks for a passkey as well.').waitFor()
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await ana.finder.waitFor()

    await ana.open('#/you/ways-in')
    await page.getByRole('button', { name: 'Remove Kitchen laptop' }).click()
    await page.locator('dialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByText('You have no passkey yet.').waitFor()
  })

  test('an account elsewhere: a new person chooses a handle; who has an account links it, and both get in', async (t) => {
    const gallery = await openGallery()
    const port = await freePort()
    const { issuer } = await startProvider(t, `http://127.0.0.1:${port}/chat/auth/oidc/callback/sso`)
    const { url } = await startServer(t, {
      port,
      env: {
        OIDC_ISSUER: issuer,
        OIDC_CLIENT_ID: client.id,
        OIDC_CLIENT_SECRET: client.secret,
        OIDC_NAME: 'Elsewhere',
      },
    })
    // The provider's own pages ask for a font of another server, and there is no icon.
    const arrive = () => Person.arrive(t, t.context.browser, url, { expected: /fonts\.googleapis\.com|favicon\.ico/ })
    const logInThere = async (page: Page, name: string) => {
      await page.locator('input[name=login]').fill(name)
      await page.locator('input[name=password]').fill('whatever')
      await page.getByRole('button', { name: /sign-in/i }).click()
      await page.getByRole('button', { name: /continue/i }).click()
    }

    const nora = await arrive()
    await nora.open()
    await nora.page.getByRole('button', { name: 'Continue with Elsewhere' }).click()
    await logInThere(nora.page, 'nora')
    await nora.page.getByText('You come from Elsewhere').waitFor()
    t.deepEqual(await gallery.show(nora.page, 'newcomer'), [])
    t.is(await nora.page.getByLabel('Handle', { exact: true }).inputValue(), 'nora')
    await nora.page.getByRole('button', { name: 'Create my account' }).click()
    await nora.page.getByRole('button', { name: 'I kept them' }).click()
    await nora.page.getByRole('button', { name: 'Go to my conversations' }).click()
    await nora.finder.waitFor()

    const ana = await arrive()
    await ana.join('ana')
    await ana.open('#/you/ways-in')
    await ana.page.getByRole('button', { name: 'Link an account at Elsewhere' }).click()
    await logInThere(ana.page, 'ana-at-work')
    await ana.page.getByText('The account is linked.').waitFor()
    await ana.page.getByText('ana-at-work at Elsewhere').waitFor()
    t.deepEqual(await gallery.show(ana.page, 'ways-linked'), [])
    await logOut(ana)
    await ana.page.getByRole('button', { name: 'Continue with Elsewhere' }).click()
    await ana.finder.waitFor()
    await ana.open('#/you')
    await ana.page.getByText('@ana').first().waitFor()
    await ana.find('nora')
    await ana.say('We both came in by another door')
    await nora.page.locator('.conversation').click()
    await nora.sees('We both came in by another door')
  })
})
