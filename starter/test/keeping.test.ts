import { inChromium } from './support/chromium.js'
import { openGallery } from './support/gallery.js'
import { Person, meet } from './support/person.js'
import { startServer } from './support/server-process.js'

const desk = { width: 1280, height: 800 }

inChromium('how one keeps conversations', (test) => {
  test('muted ones count for nothing, pinned ones stand above, archived ones elsewhere, on all devices', async (t) => {
    const gallery = await openGallery()
    const { browser } = t.context
    const { url } = await startServer(t)
    const [ana, phone] = [await Person.arrive(t, browser, url), await Person.arrive(t, browser, url)]
    const others = { ben: await Person.arrive(t, browser, url), clara: await Person.arrive(t, browser, url) }
    await ana.join('ana')
    for (const [handle, other] of Object.entries(others)) {
      await other.join(handle)
      await other.find('ana')
      await other.say(`hello from ${handle}`)
      await other.sees('hello', 'delivered')
    }
    await phone.login('ana')
    const { page } = ana
    const names = (person: Person) => person.page.locator('.conversation-name').allInnerTexts()
    await page.waitForFunction(() => document.title === '(2) Natter')
    t.deepEqual(await names(ana), ['clara', 'ben'])
    await about(ana, 'ben')
    await page.getByLabel('Keep it at the top').check()
    await page.getByLabel('Mute', { exact: true }).selectOption('For eight hours')
    await page.locator('.conversation', { hasText: 'ben' }).getByText('muted').waitFor({ state: 'attached' })
    await page.locator('.conversation', { hasText: 'ben' }).getByText('pinned').waitFor({ state: 'attached' })
    t.deepEqual(await gallery.show(page, 'keeping'), [])
    await page.setViewportSize(desk)
    t.deepEqual(await names(ana), ['ben', 'clara'])
    await phone.page.locator('.conversation').first().getByText('pinned').waitFor({ state: 'attached' })
    t.deepEqual(await names(phone), ['ben', 'clara'])

    await page.waitForFunction(() => document.title.startsWith('(1) '))
    await others.ben.say('still there?')
    await page.locator('.conversation', { hasText: 'still there?' }).waitFor()
    await others.clara.say('and you?')
    await page.waitForFunction(() => document.title.startsWith('(2) '), undefined, { timeout: 20_000 })
    await ana.open('#/')
    t.deepEqual(await gallery.show(page, 'keeping-list'), [])
    await page.setViewportSize(desk)

    await about(ana, 'clara')
    await page.getByLabel('Put it into the archive').check()
    await phone.page.getByRole('button', { name: 'Archive (1)' }).waitFor()
    t.deepEqual(await names(phone), ['ben'])
    await phone.page.getByRole('button', { name: 'Archive (1)' }).click()
    t.deepEqual(await names(phone), ['clara'])
    t.deepEqual(await gallery.show(phone.page, 'keeping-archive'), [])
    await page.getByLabel('Put it into the archive').uncheck()
    await phone.page.getByRole('button', { name: 'Back to all conversations' }).click()
    await phone.page.locator('.conversation').nth(1).waitFor()
  })

  test('what is marked as unread says so until it is opened; what is hidden comes back with the next message', async (t) => {
    const { ana, ben } = await meet(t, 'ana', 'ben')
    await ben.find('ana')
    await ben.say('one')
    await ana.page.locator('.conversation').click()
    await ben.sees('one', 'read')
    const { page } = ana
    await about(ana, 'ben')
    await page.getByRole('button', { name: 'Mark as unread' }).click()
    await page.locator('.conversation').getByText('Marked as unread').waitFor({ state: 'attached' })
    await page.waitForFunction(() => document.title === '(1) Natter')
    await page.locator('.conversation').click()
    await ana.sees('one')
    await page.locator('.conversation').getByText('Marked as unread').waitFor({ state: 'detached' })
    await page.waitForFunction(() => document.title === 'ben · Natter')

    await about(ana, 'ben')
    await page.getByRole('button', { name: 'Hide it' }).click()
    await page.locator('.conversation').waitFor({ state: 'detached' })
    await ben.say('two')
    await page.locator('.conversation', { hasText: 'two' }).waitFor()
    t.pass()
  })

  test('a draft follows to another device, and what one is writing is not replaced', async (t) => {
    const { browser } = t.context
    const { url } = await startServer(t)
    const [desk, phone, ben] = [
      await Person.arrive(t, browser, url, { expected: /ERR_INTERNET_DISCONNECTED|WebSocket/ }),
      await Person.arrive(t, browser, url),
      await Person.arrive(t, browser, url),
    ]
    await desk.join('ana')
    await ben.join('ben')
    await phone.login('ana')
    await ben.find('ana')
    await ben.say('hello')
    const holds = (person: Person, text: string) =>
      person.page.waitForFunction(
        (wanted) => document.querySelector<HTMLTextAreaElement>('.composer textarea')?.value === wanted,
        text,
      )
    await desk.page.locator('.conversation').click()
    await desk.composer.fill('half a thought')
    await phone.page.locator('.conversation', { hasText: 'Draft: half a thought' }).click()
    await holds(phone, 'half a thought')
    await phone.composer.pressSequentially(', and the rest')
    await holds(desk, 'half a thought, and the rest')
    await phone.composer.press('Enter')
    await ben.sees('half a thought, and the rest')
    await holds(desk, '')

    await desk.context.setOffline(true)
    await desk.page.locator('.banner').waitFor()
    await desk.composer.fill('written in the tunnel')
    await phone.composer.fill('written outside')
    await phone.page.waitForFunction(() =>
      Object.keys(localStorage).some((key) => key.includes('.shared.') && localStorage[key].includes('outside')),
    )
    await desk.context.setOffline(false)
    await desk.page.locator('.banner').waitFor({ state: 'detached' })
    await holds(phone, 'written in the tunnel')
    t.is(await desk.composer.inputValue(), 'written in the tunnel')
  })

  test('a message tells who has it and who has read it, by mouse and by key', async (t) => {
    const gallery = await openGallery()
    const { ben, clara, ana } = await meet(t, 'ben', 'clara', 'ana')
    const { page } = ana
    const link = await ana.makeGroup('Readers')
    for (const person of [ben, clara]) await person.joinBy(link)
    await clara.open('#/')
    await page.getByRole('link', { name: 'Back' }).click()
    await ana.say('Chapter one')
    await ana.sees('Chapter one', 'sent')
    await ben.sees('Chapter one')
    await clara.page.locator('.conversation', { hasText: 'Chapter one' }).waitFor()
    const dialog = page.getByRole('dialog')
    const readers = (title: string) => dialog.locator('.readers', { hasText: title }).locator('li').allInnerTexts()
    const show = async () => {
      await page.locator('.message .tick-button').click()
      await dialog.getByText('Read by').waitFor()
    }
    // How far people have come is told with a short delay, and this dialog is not live.
    for (let tries = 0; tries < 40; tries++) {
      await show()
      if ((await readers('Read by')).length > 0 && (await readers('Delivered to')).length > 0) break
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
    }
    t.deepEqual(await readers('Read by'), ['B\nben'])
    t.deepEqual(await readers('Delivered to'), ['C\nclara'])
    t.deepEqual(await gallery.show(page, 'message-details'), [])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await page.locator('.message').focus()
    await page.keyboard.press('Enter')
    await dialog.getByRole('button', { name: 'What became of it' }).focus()
    await page.keyboard.press('Enter')
    await dialog.getByText('Read by').waitFor()
  })
})

/** Opens what there is about the conversation with somebody. */
async function about(person: Person, handle: string): Promise<void> {
  await person.open(`#/with/${handle}`)
  await person.page.getByRole('link', { name: 'About this conversation' }).click()
  await person.page.getByText('This conversation').waitFor()
}
