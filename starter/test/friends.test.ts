import { inChromium } from './support/chromium.js'
import { openGallery } from './support/gallery.js'
import { Person } from './support/person.js'
import { startServer } from './support/server-process.js'

inChromium('friends and who is there', (test) => {
  test('one asks by handle with a note, the other accepts, and then they see each other', async (t) => {
    const gallery = await openGallery()
    const { browser } = t.context
    const { url } = await startServer(t)
    const [ana, ben] = [await Person.arrive(t, browser, url), await Person.arrive(t, browser, url)]
    await ben.join('ben')
    await ana.join('ana')
    await ana.page.getByRole('link', { name: 'People' }).click()
    const { page } = ana
    await page.getByRole('button', { name: 'Send the request' }).click()
    await page.getByText('Write their handle.').waitFor()
    await page.getByLabel('Their handle').fill('bea')
    await page.getByRole('button', { name: 'Send the request' }).click()
    await page.locator('.field-error', { hasText: 'nobody here' }).waitFor()
    await page.getByLabel('Their handle').fill('@ben')
    await page.getByLabel('Note').fill('We met in Kraków')
    await page.getByRole('button', { name: 'Send the request' }).click()
    await page.getByRole('button', { name: 'Take back the request to ben' }).waitFor()
    t.deepEqual(await gallery.show(page, 'people-asked'), [])

    await ben.page.getByText('1 request waits').waitFor({ state: 'attached' })
    await ben.page.getByRole('link', { name: 'People' }).click()
    await ben.page.locator('.contact', { hasText: 'We met in Kraków' }).waitFor()
    t.deepEqual(await gallery.show(ben.page, 'people-asks'), [])
    await ben.page.getByRole('button', { name: 'Accept the request of ana' }).click()
    const friends = ben.page.locator('section', { hasText: 'Friends' }).locator('.contact', { hasText: 'ana' })
    await friends.locator('.presence-dot[data-state=online]').waitFor()
    t.is(await ben.page.getByText('1 request waits').count(), 0)
    await page.locator('.contact .presence-dot[data-state=online]').waitFor()
    t.deepEqual(await gallery.show(page, 'people-friends'), [])
  })

  test('requests are declined and taken back, and friends removed', async (t) => {
    const { browser } = t.context
    const { url } = await startServer(t)
    const [ana, ben] = [await Person.arrive(t, browser, url), await Person.arrive(t, browser, url)]
    await ben.join('ben')
    await ana.join('ana')
    await ana.befriend('ben')
    await ana.page.getByRole('button', { name: 'Take back the request to ben' }).click()
    await ana.page.locator('.contact').waitFor({ state: 'detached' })
    await ben.open('#/people')
    await ben.page.getByText('Nobody yet.').waitFor()
    t.is(await ben.page.locator('.contact').count(), 0)

    await ana.befriend('ben')
    await ben.page.getByRole('button', { name: 'Decline the request of ana' }).click()
    await ana.page.locator('.contact').waitFor({ state: 'detached' })

    await ben.befriend('ana')
    await ana.page.getByRole('button', { name: 'Accept the request of ben' }).click()
    await ana.page.getByRole('link', { name: 'About ben' }).click()
    await ana.page.getByText('You have been friends since today.').waitFor()
    await ana.page.getByRole('button', { name: 'Remove from your friends' }).click()
    await ana.page.getByRole('dialog').getByRole('button', { name: 'Remove from your friends' }).click()
    await ana.page.getByText('You are not friends.').waitFor()
    await ben.page.locator('.contact').waitFor({ state: 'detached' })
  })

  test('who is blocked can neither write nor see, until it is taken back; a name of one’s own for a friend', async (t) => {
    const gallery = await openGallery()
    const { browser } = t.context
    const { url } = await startServer(t)
    const [ana, ben] = [await Person.arrive(t, browser, url), await Person.arrive(t, browser, url)]
    await ben.join('ben')
    await ana.join('ana')
    await ana.befriend('ben')
    await ben.find('ana')
    await ben.page.locator('.request-bar').getByRole('button', { name: 'Accept' }).click()
    await ben.page.locator('.page-head', { hasText: 'online' }).waitFor()
    await ben.page.getByRole('link', { name: 'About this conversation' }).click()
    await ben.page.getByLabel('Your name for them').fill('Aunt Ana')
    await ben.page.getByRole('button', { name: 'Save' }).click()
    await ben.page.locator('h1', { hasText: 'Aunt Ana' }).waitFor()
    t.deepEqual(await gallery.show(ben.page, 'person'), [])
    await ben.page.getByRole('button', { name: 'Block' }).click()
    t.deepEqual(await gallery.show(ben.page, 'block'), [])
    await ben.page.getByRole('dialog').getByRole('button', { name: 'Block' }).click()
    await ben.page.getByText('You have blocked this person.').waitFor()

    await ana.find('ben').catch(() => undefined)
    await ana.page.getByText('Nobody here is called @ben').or(ana.composer).first().waitFor()
    await ana.open('#/people')
    await ana.page.getByText('Nobody yet.').waitFor()

    await ben.open('#/people')
    await ben.page.getByRole('button', { name: 'Unblock ana' }).click()
    await ben.page.locator('.contact').waitFor({ state: 'detached' })
    await ben.find('ana')
    await ben.say('All is well again')
    await ben.sees('All is well again', 'delivered')
    t.pass()
  })

  test('one says who may write and see, and reads without telling', async (t) => {
    const gallery = await openGallery()
    const { browser } = t.context
    const { url } = await startServer(t)
    const [ana, ben] = [await Person.arrive(t, browser, url), await Person.arrive(t, browser, url)]
    await ben.join('ben')
    await ana.join('ana')
    await ben.find('ana')
    await ben.say('one')
    await ben.sees('one', 'delivered')
    const { page } = ana
    await ana.open('#/you/privacy')
    await page.getByLabel('Read without telling others').check()
    await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor({ state: 'attached' })
    t.deepEqual(await gallery.show(page, 'privacy'), [])
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.locator('.conversation').click()
    await ana.sees('one')
    await page.locator('.badge').waitFor({ state: 'detached' })
    await ben.say('two')
    await ben.sees('two', 'delivered')
    t.is(await ben.page.locator('.message[data-state=read]').count(), 0)

    await ana.open('#/you/privacy')
    await page.getByLabel('Who may write to you').selectOption('Friends')
    await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor({ state: 'attached' })
    await ben.say('three')
    await ben.sees('three', 'failed')
    t.is(await ana.message('three').count(), 0)
  })

  test('friends see who writes, who is away or busy, and what somebody is up to; nobody sees the invisible', async (t) => {
    const gallery = await openGallery()
    const { browser } = t.context
    const { url } = await startServer(t)
    const [ana, ben] = [await Person.arrive(t, browser, url), await Person.arrive(t, browser, url)]
    await ben.join('ben')
    await ana.join('ana')
    await ana.befriend('ben')
    await ben.find('ana')
    await ben.page.locator('.request-bar').getByRole('button', { name: 'Accept' }).click()
    await ben.say('hello')
    await ben.sees('hello', 'delivered')
    const head = ben.page.locator('.page-head')
    await head.getByText('online', { exact: true }).first().waitFor()

    await ana.find('ben')
    await ana.composer.pressSequentially('well')
    await head.getByText('ana is typing …').waitFor()
    await ben.page.locator('.conversation', { hasText: 'ana is typing …' }).waitFor()
    t.deepEqual(await gallery.show(ben.page, 'typing'), [])
    await ben.page.setViewportSize({ width: 1280, height: 800 })
    await ana.composer.press('Enter')
    await ben.sees('well')
    await head.getByText('ana is typing …').waitFor({ state: 'detached' })

    await ana.open('#/you')
    await ana.page.getByLabel('Busy').check()
    await ben.page.locator('.page-head .presence-dot[data-state=dnd]').waitFor()
    await ana.page.getByLabel('What you are up to').fill('in a meeting')
    await ana.page.getByRole('button', { name: 'Set the status' }).click()
    await head.getByText('busy · in a meeting').waitFor()
    t.deepEqual(await gallery.show(ana.page, 'status'), [])
    await ana.page.getByLabel('Invisible').check()
    await ben.page.locator('.page-head .presence-dot').waitFor({ state: 'detached' })
    t.pass()
  })
})
