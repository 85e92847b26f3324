import { inChromium } from './support/chromium.js'
import { openGallery } from './support/gallery.js'
import { Person, password } from './support/person.js'
import { refuseMessages } from './support/refuse.js'
import { startServer } from './support/server-process.js'

inChromium('every screen, by axe and by picture', (test) => {
  test('the way in', async (t) => {
    const gallery = await openGallery()
    t.log(`Pictures are in ${gallery.folder}`)
    const { url } = await startServer(t)
    const ana = await Person.arrive(t, t.context.browser, url, { expected: /status of 401/ })
    const { page } = ana
    await ana.open()
    await page.getByLabel('Handle', { exact: true }).waitFor()
    t.deepEqual(await gallery.show(page, 'register'), [])
    await page.getByRole('button', { name: 'Create my account' }).click()
    await page.getByText('Write a password.').waitFor()
    t.deepEqual(await gallery.show(page, 'register-errors'), [])
    await page.getByLabel('I have an account').check()
    await page.getByLabel('Handle', { exact: true }).fill('ana')
    await page.getByLabel('Password', { exact: true }).fill('wrong')
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
    await page.getByRole('alert').filter({ hasText: 'wrong' }).waitFor()
    t.deepEqual(await gallery.show(page, 'login-refused'), [])
    await page.getByRole('button', { name: 'Forgot your password?' }).click()
    t.deepEqual(await gallery.show(page, 'recover'), [])

    await page.getByRole('button', { name: 'Back to log in' }).click()
    await ana.open('#/with/ben')
    await page.getByText('@ben is waiting').waitFor()
    t.deepEqual(await gallery.show(page, 'invited'), [])
    await ana.open('#/')
    await page.getByLabel('I’m new here').check()
    await page.getByLabel('Handle', { exact: true }).fill('ana')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Create my account' }).click()
    await page.locator('.codes').waitFor()
    t.deepEqual(await gallery.show(page, 'codes'), [])
    await page.getByRole('button', { name: 'I kept them' }).click()
    t.deepEqual(await gallery.show(page, 'invite'), [])
    await page.getByRole('button', { name: 'Go to my conversations' }).click()
    await page.getByText('Nobody here yet').waitFor()
    t.deepEqual(await gallery.show(page, 'empty'), [])
  })

  test('conversations', async (t) => {
    const gallery = await openGallery()
    const { browser } = t.context
    const { url } = await startServer(t)
    const ana = await Person.arrive(t, browser, url, { expected: /ERR_INTERNET_DISCONNECTED|WebSocket/ })
    const others = {
      ben: await Person.arrive(t, browser, url),
      clara: await Person.arrive(t, browser, url),
      yusuf: await Person.arrive(t, browser, url),
    }
    const names = { ben: 'Ben Okafor', clara: 'Clara Lindqvist', yusuf: 'يوسف' }
    await ana.join('ana')
    for (const [handle, other] of Object.entries(others)) {
      await other.join(handle)
      await other.open('#/you')
      await other.page.getByLabel('Display name').fill(names[handle as keyof typeof names])
      await other.page.getByRole('button', { name: 'Save' }).click()
      await other.page.getByText('Saved').first().waitFor()
      await other.find('ana')
    }
    const { page } = ana
    const { ben, clara, yusuf } = others
    await yusuf.say('مرحبا! كيف الحال؟')
    await clara.say('The choir moved to half past seven this week, can you still make it?')
    await ben.say('Hello Ana! Did you get home all right?')
    await ben.say('I left your umbrella with the porter.')
    await ben.sees('porter', 'delivered')
    await ana.open('#/')
    await page.locator('.conversation').nth(2).waitFor()
    t.deepEqual(await gallery.show(page, 'list'), [])

    await ana.finder.fill('cla')
    await page.getByText('Talk with @cla').waitFor()
    t.deepEqual(await gallery.show(page, 'finder'), [])
    await ana.finder.fill('')

    await ana.finder.fill('dora')
    await ana.finder.press('Enter')
    await page.getByText('Nobody here is called @dora').waitFor()
    t.deepEqual(await gallery.show(page, 'finder-nobody'), [])
    await ana.finder.fill('')

    await page.locator('.conversation', { hasText: 'Ben Okafor' }).click()
    await ana.sees('porter')
    await ana.say('Just now. It rained the whole way, but the tram came at once.')
    await ana.say('Thank you for the umbrella, and for dinner!')
    await ana.say('Here is the recipe: https://example.org/recipes/plum-cake (the plums from the market are best)')
    await ana.sees('recipe', 'read')
    await ben.say('😍')
    await ben.say('Plum cake on Sunday then.')
    await ana.sees('Sunday')
    t.deepEqual(await gallery.show(page, 'chat'), [])
    await page.evaluate(() => (document.documentElement.dir = 'rtl'))
    t.deepEqual(await gallery.show(page, 'chat-rtl'), [])
    await page.evaluate(() => (document.documentElement.dir = 'ltr'))

    await ana.context.setOffline(true)
    await ana.say('And bring the good knife')
    await ana.sees('good knife', 'queued')
    await page.locator('.banner', { hasText: 'You are offline' }).waitFor()
    t.deepEqual(await gallery.show(page, 'chat-offline'), [])
    await ana.context.setOffline(false)
    await ana.sees('good knife', 'read')

    await page.setViewportSize({ width: 1280, height: 800 })
    await ana.find('ana', 'Note to yourself')
    t.deepEqual(await gallery.show(page, 'chat-beginning'), [])
  })

  test('a message that was refused, and addresses that lead nowhere', async (t) => {
    const gallery = await openGallery()
    const { browser } = t.context
    const { url } = await startServer(t)
    const [ana, ben] = [await Person.arrive(t, browser, url), await Person.arrive(t, browser, url)]
    const refusal = await refuseMessages(ana.context, 'Shall we meet?')
    await ben.join('ben')
    await ana.join('ana')
    await ana.find('ben')
    await ana.say('Hello')
    await ana.say('Shall we meet?')
    await ana.sees('Shall we meet?', 'failed')
    await ana.page.locator('.words', { hasText: 'Not sent. Only friends may write here.' }).waitFor()
    t.deepEqual(await gallery.show(ana.page, 'chat-refused'), [])
    await ana.page.setViewportSize({ width: 1280, height: 800 })
    await ana.page.locator('.conversation', { hasText: 'Not sent: Shall we meet?' }).waitFor()
    refusal.stop()
    await ana.page.getByRole('button', { name: 'Try again' }).click()
    await ana.sees('Shall we meet?', 'delivered')

    await ana.open('#/with/nobody')
    await ana.page.getByText('There is no @nobody here').waitFor()
    t.deepEqual(await gallery.show(ana.page, 'nobody'), [])
    await ana.open('#/nowhere')
    await ana.page.getByText('Nothing lives here').waitFor()
    t.deepEqual(await gallery.show(ana.page, 'missing'), [])
  })

  test('the own account', async (t) => {
    const gallery = await openGallery()
    const { browser } = t.context
    const { url } = await startServer(t)
    const [ana, phone] = [await Person.arrive(t, browser, url), await Person.arrive(t, browser, url)]
    await ana.join('ana')
    await phone.login('ana')
    const { page } = ana
    await ana.open('#/you')
    await page.getByText('10 codes left').waitFor()
    t.deepEqual(await gallery.show(page, 'account'), [])
    await page.getByRole('button', { name: 'Log out' }).click()
    t.deepEqual(await gallery.show(page, 'logout'), [])
    await page.keyboard.press('Escape')
    await ana.open('#/you/devices')
    await page.locator('.device').nth(1).waitFor()
    t.deepEqual(await gallery.show(page, 'devices'), [])
    await page.locator('.device').first().getByRole('button').first().click()
    t.deepEqual(await gallery.show(page, 'device-rename'), [])
    await ana.open('#/you/password')
    await page.getByLabel('Current password').waitFor()
    t.deepEqual(await gallery.show(page, 'password'), [])
    await ana.open('#/you/codes')
    await page.getByLabel('Your password').fill(password)
    await page.getByRole('button', { name: 'Make new codes' }).click()
    await page.locator('.codes').waitFor()
    t.deepEqual(await gallery.show(page, 'new-codes'), [])
  })
})
