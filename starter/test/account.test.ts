import { inChromium } from './support/chromium.js'
import { Person, meet, password } from './support/person.js'
import { startServer } from './support/server-process.js'

inChromium('accounts and devices', (test) => {
  test('the recovery codes are shown once, and one of them lets back in', async (t) => {
    const { browser } = t.context
    const { url } = await startServer(t)
    const ana = await Person.arrive(t, browser, url, { permissions: ['clipboard-read', 'clipboard-write'] })
    const { page } = ana
    await ana.open()
    await page.getByLabel('Handle', { exact: true }).fill('ana')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Create my account' }).click()
    await page.locator('.codes').waitFor()
    const codes = await page.locator('.codes code').allInnerTexts()
    t.is(codes.length, 10)
    await page.getByRole('button', { name: 'Copy' }).click()
    await page.getByText('The codes are copied.').waitFor({ state: 'attached' })
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    for (const code of codes) t.true(copied.includes(code))
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download' }).click(),
    ])
    t.is(file.suggestedFilename(), 'natter-recovery-codes-ana.txt')

    const again = await Person.arrive(t, browser, url)
    await again.open()
    await again.page.getByLabel('I have an account').check()
    await again.page.getByRole('button', { name: 'Forgot your password?' }).click()
    await again.page.getByLabel('Handle', { exact: true }).fill('@ana')
    await again.page.getByLabel('Recovery code').fill(codes[3] ?? '')
    await again.page.getByLabel('New password').fill('a better one this time')
    await again.page.getByRole('button', { name: 'Set the password and log in' }).click()
    await again.finder.waitFor()
    await again.open('#/you')
    await again.page.getByText('9 codes left').waitFor()
  })

  test('what is wrong with a handle or a password stands at its field, and the focus goes there', async (t) => {
    const { browser } = t.context
    const { url } = await startServer(t)
    const ana = await Person.arrive(t, browser, url, { expected: /status of (401|409|422)/ })
    await ana.open()
    const { page } = ana
    const [handle, secret] = [page.getByLabel('Handle', { exact: true }), page.getByLabel('Password', { exact: true })]
    const submit = page.getByRole('button', { name: 'Create my account' })
    await submit.click()
    await page.getByText('Write the handle you would like.').waitFor()
    await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'username')
    t.is(await handle.getAttribute('aria-invalid'), 'true')
    await handle.fill('ana')
    await secret.fill('password')
    await submit.click()
    await page.getByText('Use at least 8 characters, and not one of the common passwords.').waitFor()
    await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'password')
    const described = (await secret.getAttribute('aria-describedby'))?.split(' ')[0] ?? ''
    t.regex(await page.locator(`[id="${described}"]`).innerText(), /at least 8/)
    await secret.fill(password)
    await submit.click()
    await page.getByRole('button', { name: 'I kept them' }).waitFor()

    const other = await Person.arrive(t, browser, url, { expected: /status of (401|409|422)/ })
    await other.open()
    await other.page.getByLabel('Handle', { exact: true }).fill('ANA')
    await other.page.getByLabel('Password', { exact: true }).fill(password)
    await other.page.getByRole('button', { name: 'Create my account' }).click()
    await other.page.getByText('This handle is taken, or looks too much like one that is.').waitFor()
    await other.page.getByLabel('I have an account').check()
    await other.page.getByLabel('Password', { exact: true }).fill('not this one')
    await other.page.getByRole('button', { name: 'Log in', exact: true }).click()
    await other.page.getByRole('alert').filter({ hasText: 'Handle or password is wrong.' }).waitFor()
  })

  test('a device that is logged out from another closes at once, and says why', async (t) => {
    const { browser } = t.context
    const { url } = await startServer(t)
    const desk = await Person.arrive(t, browser, url)
    const phone = await Person.arrive(t, browser, url, { expected: /status of 401|WebSocket/ })
    await desk.join('ana')
    await phone.login('ana')
    await desk.open('#/you/devices')
    const { page } = desk
    const devices = page.locator('.device')
    await devices.nth(1).waitFor()
    t.is(await devices.count(), 2)
    t.is(await devices.first().locator('.chip').innerText(), 'This device')

    await devices
      .nth(1)
      .getByRole('button', { name: /^Rename/ })
      .click()
    await page.getByLabel('Name of the device').fill('Old phone')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Log out Old phone' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Log out' }).click()
    await phone.page.getByText('You were logged out on this device.').waitFor()
    await page.getByText('You are logged in nowhere else.').waitFor()
    await phone.page.reload()
    await phone.page.getByRole('button', { name: 'Log in', exact: true }).waitFor()
    t.is(await phone.page.locator('.conversation').count(), 0)
  })

  test('all other devices are logged out at once, and this one goes on', async (t) => {
    const { browser } = t.context
    const { url } = await startServer(t)
    const desk = await Person.arrive(t, browser, url)
    await desk.join('ana')
    const others = [
      await Person.arrive(t, browser, url, { expected: /status of 401|WebSocket/ }),
      await Person.arrive(t, browser, url, { expected: /status of 401|WebSocket/ }),
    ]
    for (const other of others) await other.login('ana')
    await desk.open('#/you/devices')
    await desk.page.getByRole('button', { name: 'Log out all others' }).click()
    await desk.page.getByRole('dialog').getByRole('button', { name: 'Log out all others' }).click()
    for (const other of others) await other.page.getByText('You were logged out on this device.').waitFor()
    await desk.page.getByText('You are logged in nowhere else.').waitFor()
    await desk.page.reload()
    await desk.page.getByText('You are logged in nowhere else.').waitFor()
    t.is(await desk.page.locator('.device').count(), 1)
  })

  test('logging out leaves nothing behind, in every tab', async (t) => {
    const { url, ana } = await meet(t, 'ana')
    await ana.find('ana', 'Note to yourself')
    await ana.say('a secret note')
    await ana.sees('a secret note')
    await ana.composer.fill('a secret draft')
    const tab = await ana.context.newPage()
    await tab.goto(`${url}/#/`)
    await tab.locator('.conversation').waitFor()

    await ana.open('#/you')
    await ana.page.getByRole('button', { name: 'Log out' }).click()
    await ana.page.getByRole('dialog').getByRole('button', { name: 'Log out' }).click()
    for (const page of [ana.page, tab]) await page.getByRole('button', { name: 'Log in', exact: true }).waitFor()
    const left = await ana.page.evaluate(async () => {
      const databases = await indexedDB.databases()
      return JSON.stringify([Object.entries(localStorage), databases.map(({ name }) => name)])
    })
    t.notRegex(left, /secret|natter\.account|natter\.people/)
    t.is(await ana.page.getByLabel('Handle', { exact: true }).inputValue(), 'ana')
    await ana.page.reload()
    await ana.page.getByRole('button', { name: 'Log in', exact: true }).waitFor()
  })

  test('a new name and picture reach the other person and the own devices', async (t) => {
    const { ana, ben } = await meet(t, 'ana', 'ben')
    await ben.find('ana')
    await ben.say('hello')
    await ben.sees('hello', 'delivered')
    await ana.open('#/you')
    await ana.page.getByLabel('Display name').fill('Ana Ferreira')
    await ana.page.getByRole('button', { name: 'Save' }).click()
    await ben.page.getByRole('heading', { name: 'Ana Ferreira' }).waitFor()
    await ben.page.locator('.conversation', { hasText: 'Ana Ferreira' }).waitFor()

    const picture = await ana.page.evaluate(() => {
      const canvas = document.createElement('canvas')
      canvas.width = 1200
      canvas.height = 800
      const context = canvas.getContext('2d')
      if (context) {
        context.fillStyle = 'teal'
        context.fillRect(0, 0, 1200, 800)
      }
      return canvas.toDataURL('image/png').split(',')[1] ?? ''
    })
    const file = { name: 'me.png', mimeType: 'image/png', buffer: Buffer.from(picture, 'base64') }
    await ana.page.locator('input[type=file]').setInputFiles(file)
    const shown = ben.page.locator('.page-head .avatar img')
    await shown.waitFor()
    await ben.page.waitForFunction(
      () => (document.querySelector<HTMLImageElement>('.page-head .avatar img')?.naturalWidth ?? 0) > 0,
    )
    t.regex((await shown.getAttribute('src')) ?? '', /\/chat\/auth\/avatar\//)
    await ana.page.locator('input[type=file]').setInputFiles({ ...file, buffer: Buffer.from('not a picture') })
    await ana.page.getByText('This picture could not be read.').waitFor()
    await ana.page.getByRole('button', { name: 'Remove it' }).click()
    await shown.waitFor({ state: 'detached' })
  })

  test('a new password counts, a wrong one is said so, and new codes replace the old', async (t) => {
    const { browser } = t.context
    const { url } = await startServer(t)
    const ana = await Person.arrive(t, browser, url, { expected: /status of (401|422)/ })
    await ana.join('ana')
    await ana.open('#/you/password')
    const { page } = ana
    await page.getByLabel('Current password').fill('wrong')
    await page.getByLabel('New password').fill('a better one this time')
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.getByText('This is not your current password.').waitFor()
    await page.getByLabel('Current password').fill(password)
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.getByText('Your password is changed').waitFor()

    await page.goto(`${url}/#/you/codes`)
    await page.getByLabel('Your password').fill('a better one this time')
    await page.getByRole('button', { name: 'Make new codes' }).click()
    await page.locator('.codes code').first().waitFor()
    t.is(await page.locator('.codes code').count(), 10)
  })

  test('an address that leads nowhere, and a handle that nobody has, are told apart', async (t) => {
    const { ana } = await meet(t, 'ana')
    await ana.open('#/nowhere/at/all')
    await ana.page.getByRole('heading', { name: 'Nothing lives here' }).waitFor()
    await ana.open('#/with/nobody')
    await ana.page.getByRole('heading', { name: 'There is no @nobody here' }).waitFor()
    await ana.finder.fill('nobody')
    await ana.finder.press('Enter')
    await ana.page.getByText('Nobody here is called @nobody.').waitFor()
    t.is(await ana.finder.getAttribute('aria-invalid'), 'true')
  })

  test('the theme is kept, and applied before anything is painted', async (t) => {
    const { browser } = t.context
    const { url } = await startServer(t)
    const ana = await Person.arrive(t, browser, url, { colorScheme: 'light' })
    await ana.join('ana')
    await ana.open('#/you')
    const ground = () => ana.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
    const light = await ground()
    await ana.page.getByLabel('Dark', { exact: true }).check()
    const dark = await ground()
    t.not(dark, light)
    await ana.page.reload()
    t.is(await ana.page.locator('html').getAttribute('data-theme'), 'dark')
    t.is(await ground(), dark)
  })
})
