import type { BrowserContext } from 'playwright-core'
import { violations } from './support/axe.js'
import { inChromium } from './support/chromium.js'
import { openGallery } from './support/gallery.js'
import { meet } from './support/person.js'
import type { Person } from './support/person.js'

const desk = { width: 1280, height: 800 }

/** Stands between a page and its server: whatever time was chosen, it is so many ms from now. The field has whole minutes. */
const hurry = (context: BrowserContext, ms: number) =>
  context.routeWebSocket('**/chat/ws', (page) => {
    const server = page.connectToServer()
    page.onMessage((frame) => {
      const asked = JSON.parse(String(frame)) as [string, number, string, { at: number }]
      if (asked[2] === 'actions.schedule') asked[3].at = Date.now() + ms
      server.send(JSON.stringify(asked))
    })
  })

const later = (person: Person) => person.page.getByRole('button', { name: 'Send later' })
const bar = (person: Person) => person.page.getByRole('button', { name: '1 message waits to be sent' })

inChromium('what is sent at a time', (test) => {
  test('one chooses a time, changes the message, and calls it off; nobody else hears of it', async (t) => {
    const gallery = await openGallery()
    const { ana, ben } = await meet(t, 'ana', 'ben')
    await ana.find('ben')
    await ana.say('Hello')
    await ana.sees('Hello', 'delivered')
    const { page } = ana
    t.is(await later(ana).count(), 0, 'nothing is written')
    await ana.composer.fill('Happy birthday!')
    t.deepEqual(await gallery.show(page, 'later-composer'), [])
    await later(ana).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(/^Tomorrow morning/).check()
    t.deepEqual(await gallery.show(page, 'later-when'), [])
    await dialog.getByLabel('At another time').check()
    await dialog.getByLabel('Date and time').fill('2001-01-01T10:00')
    await dialog.getByRole('button', { name: 'Send it then' }).click()
    await dialog.getByText('Choose a time that is still to come.').waitFor()
    t.deepEqual(await gallery.show(page, 'later-past'), [])
    await dialog.getByLabel('Date and time').fill('')
    await dialog.getByRole('button', { name: 'Send it then' }).click()
    t.is(await dialog.getByText('Choose a time that is still to come.').count(), 1, 'no time is no time to come')
    const year = new Date().getFullYear()
    await dialog.getByLabel('Date and time').fill(`${year + 3}-01-01T10:00`)
    await dialog.getByRole('button', { name: 'Send it then' }).click()
    await dialog.getByText('a year from now at most').waitFor()
    await dialog.getByLabel(/^Tomorrow morning/).check()
    await dialog.getByRole('button', { name: 'Send it then' }).click()
    await dialog.waitFor({ state: 'detached' })
    t.is(await ana.composer.inputValue(), '')
    await bar(ana).waitFor()
    await page.reload()
    await bar(ana).waitFor()
    t.deepEqual(await gallery.show(page, 'later-bar'), [])
    await bar(ana).click()
    await dialog.getByText('Happy birthday!').waitFor()
    await dialog.getByText(/^Waits until .* 09:00\.$/).waitFor()
    t.deepEqual(await gallery.show(page, 'later-waiting'), [])

    await dialog.getByRole('button', { name: 'Change' }).click()
    t.deepEqual(await gallery.show(page, 'later-change'), [])
    for (const width of [320, 390]) {
      await page.setViewportSize({ width, height: 640 })
      t.true(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width}`)
    }
    await page.setViewportSize(desk)
    await dialog.getByLabel('Message').fill(' ')
    await dialog.getByLabel('Date and time').fill('2001-01-01T10:00')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('Write something.').waitFor()
    await dialog.getByText('Choose a time that is still to come.').waitFor()
    await dialog.getByLabel('Message').fill('Happy birthday, Ben!')
    const next = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 11)
    await dialog.getByLabel('Date and time').fill(`${next}10:00`)
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText(/^Waits until .* 10:00\.$/).waitFor()
    await dialog.getByText('Happy birthday, Ben!').waitFor()
    await dialog.getByRole('button', { name: 'Do not send it' }).click()
    await dialog.getByText('Nothing waits here any more.').waitFor()
    await page.keyboard.press('Escape')
    await bar(ana).waitFor({ state: 'detached' })
    await ben.page.locator('.conversation').click()
    await ben.sees('Hello')
    t.is(await ben.message('Happy birthday').count(), 0)
  })

  test('all of it goes by keyboard alone, and on a narrow phone', async (t) => {
    const gallery = await openGallery()
    const { ana, ben } = await meet(t, 'ana', 'ben')
    await ana.find('ben')
    const { page } = ana
    const { keyboard } = page
    await page.setViewportSize({ width: 320, height: 640 })
    const focused = () => page.evaluate(() => document.activeElement?.ariaLabel || document.activeElement?.textContent)
    const tabTo = async (name: RegExp) => {
      for (let n = 0; n < 40; n++) {
        if (name.test((await focused()) ?? '')) return
        await keyboard.press('Tab')
      }
      t.fail(`no tab leads to ${name}`)
    }
    await ana.composer.focus()
    await keyboard.type('First thing tomorrow')
    const sending = await page.getByRole('button', { name: 'Send', exact: true }).boundingBox()
    t.true(sending!.x + sending!.width <= 320 - 12, 'all of it is on the page')
    await tabTo(/^Send later$/)
    await keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    for (let n = 0; n < 10; n++) {
      if (await page.evaluate(() => document.activeElement?.matches('input[type=radio]'))) break
      await keyboard.press('Tab')
    }
    await keyboard.press('ArrowUp')
    t.true(await dialog.getByLabel('At another time').isChecked(), 'the arrows go round')
    await dialog.getByLabel('Date and time').waitFor()
    const [field, around] = [await dialog.locator('.field-box').boundingBox(), await dialog.boundingBox()]
    t.true(field!.x + field!.width <= around!.x + around!.width - 20, 'the field keeps within its dialog')
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: `${gallery.folder}/later-when-narrow-${colorScheme}.png` })
      t.deepEqual(await violations(page), [])
    }
    await keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await page.waitForFunction(() => document.activeElement?.matches('.composer textarea'))
    await bar(ana).focus()
    await keyboard.press('Enter')
    await dialog.waitFor()
    await tabTo(/^Change$/)
    await keyboard.press('Enter')
    await page.waitForFunction(() => document.activeElement?.matches('dialog textarea'))
    await page.screenshot({ path: `${gallery.folder}/later-change-narrow.png` })
    await keyboard.press('Escape')
    await page.waitForFunction(() => document.activeElement?.textContent === 'Change')
    t.true(await dialog.isVisible(), 'only the change is given up')
    await page.screenshot({ path: `${gallery.folder}/later-waiting-narrow.png` })
    t.deepEqual(await violations(page), [])
    await tabTo(/^Send now$/)
    await keyboard.press('Enter')
    await page.waitForFunction(() => document.activeElement?.textContent === 'Close')
    await keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await ana.sees('First thing tomorrow', 'delivered')
    await bar(ana).waitFor({ state: 'detached' })
    await ben.page.locator('.conversation').click()
    await ben.sees('First thing tomorrow')
    t.is(await ben.message('First thing tomorrow').count(), 1)
  })

  test('it goes at its time as the answer that it is; what is refused then says why', async (t) => {
    const gallery = await openGallery()
    const { ana, ben } = await meet(t, 'ana', 'ben')
    await hurry(ben.context, 6_000)
    await ben.page.reload()
    await ana.find('ben')
    await ana.say('Shall we meet?')
    await ana.sees('Shall we', 'delivered')
    await ben.page.locator('.conversation').click()
    await ben.act('Shall we meet?', 'Reply')
    const dialog = ben.page.getByRole('dialog')
    const send = async (text: string) => {
      await ben.composer.fill(text)
      await later(ben).click()
      await dialog.getByRole('button', { name: 'Send it then' }).click()
      await dialog.waitFor({ state: 'detached' })
      await bar(ben).waitFor()
    }
    await send('At six')
    t.is(await ben.page.getByText('Reply to ana').count(), 0)
    await ana
      .message('At six')
      .getByRole('button', { name: /In reply to You/ })
      .waitFor()
    await bar(ben).waitFor({ state: 'detached' })

    await ana.page.getByRole('link', { name: 'About this conversation' }).click()
    await ana.page.getByRole('button', { name: 'Block' }).click()
    await send('At seven')
    await ana.page.getByRole('dialog').getByRole('button', { name: 'Block' }).click()
    const refused = ben.page.getByRole('button', { name: '1 message was not sent at its time' })
    await refused.click()
    await dialog.getByText('It was not sent. They cannot be written to here.').waitFor()
    t.deepEqual(await gallery.show(ben.page, 'later-refused'), [])
    await dialog.getByRole('button', { name: 'Do not send it' }).click()
    await dialog.getByText('Nothing waits here any more.').waitFor()
    t.is(await ana.message('At seven').count(), 0)
  })
})
