import { inChromium } from './support/chromium.js'
import { Person, meet, password } from './support/person.js'
import { startServer } from './support/server-process.js'

inChromium('the keyboard and the screen reader', (test) => {
  test('one registers, finds somebody, writes, reads and leaves without a mouse', async (t) => {
    const { browser } = t.context
    const { url } = await startServer(t)
    const [ana, ben] = [await Person.arrive(t, browser, url), await Person.arrive(t, browser, url)]
    await ben.join('ben')
    const { page } = ana
    const { keyboard } = page
    const focused = () =>
      page.evaluate(() => {
        const element = document.activeElement === document.body ? null : document.activeElement
        return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? ''
      })
    const tabTo = async (what: RegExp) => {
      for (let step = 0; step < 30; step++) {
        await keyboard.press('Tab')
        if (what.test(await focused())) return
      }
      t.fail(`Tab never reaches ${String(what)}`)
    }
    await ana.open()
    await page.getByLabel('Handle', { exact: true }).focus()
    await keyboard.type('ana')
    await keyboard.press('Tab')
    await keyboard.type(password)
    await keyboard.press('Enter')
    await page.locator('.codes').waitFor()
    await tabTo(/I kept them/)
    await keyboard.press('Enter')
    await page.getByLabel('Your link').waitFor()
    await page.locator(':focus', { hasText: 'Lovely to have you' }).waitFor()
    t.is(await focused(), 'Lovely to have you, @ana', 'the focus comes along')
    await tabTo(/Go to my conversations/)
    await keyboard.press('Enter')
    await ana.finder.waitFor()
    await tabTo(/^Find people/)
    await keyboard.type('ben')
    await keyboard.press('Enter')
    await page.waitForFunction(() => document.activeElement?.matches('.composer textarea'))
    await keyboard.type('No mouse here')
    await keyboard.press('Enter')
    await ana.sees('No mouse here', 'delivered')
    t.regex(await focused(), /^Message to ben/, 'the focus stays where one writes')
    await ben.find('ana')
    await ben.say('Nor here: https://example.org/keys')
    await ana.sees('Nor here')
    await ana.sees('No mouse here', 'read')

    await keyboard.press('Shift+Tab')
    t.is(await focused(), 'Ask in a poll')
    await keyboard.press('Shift+Tab')
    t.regex(await focused(), /https/, 'the link of the newest message')
    await keyboard.press('Shift+Tab')
    t.regex(await focused(), /^ben: Nor here/)
    await keyboard.press('ArrowUp')
    t.regex(await focused(), /^You: No mouse here.*Read$/)
    await keyboard.press('End')
    t.regex(await focused(), /^ben: Nor here/)
    await keyboard.press('Home')
    t.regex(await focused(), /^You: No mouse here/)
    await keyboard.press('Tab')
    t.is(await focused(), 'Ask in a poll', 'the messages are one tab stop')
    await keyboard.press('Tab')
    t.regex(await focused(), /^Message to ben/)

    await page.goto(`${url}/#/you`)
    await page.getByText('10 codes left').waitFor()
    await tabTo(/^Log out$/)
    await keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await keyboard.press('Escape')
    await page.locator('dialog').waitFor({ state: 'detached' })
    t.is(await focused(), 'Log out', 'the focus is back')
    await keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await tabTo(/^Log out$/)
    await keyboard.press('Enter')
    await page.getByRole('button', { name: 'Log in', exact: true }).waitFor()
  })

  test('a dialog that is asked for again before it said that it was closed is there', async (t) => {
    const { ana, ben } = await meet(t, 'ana', 'ben')
    const { page } = ana
    const dialog = page.getByRole('dialog')
    /** Asks, gives up, and asks at once again: for the same, or for something else. */
    const askTwice = async (first: string, title: string, second = first) => {
      const button = (name: string) => page.locator('.page').getByRole('button', { name, exact: true })
      const next = await button(second).elementHandle()
      await button(first).click()
      await dialog.evaluate((open: HTMLDialogElement, again) => {
        open.close()
        ;(again as HTMLElement).click()
      }, next)
      await dialog.getByRole('heading', { name: title }).waitFor()
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
    }
    await ana.open('#/you')
    await askTwice('Log out', 'Log out on this device?')
    await ana.open('#/you/data')
    await askTwice('Delete my account', 'Delete your account and all that is yours?')
    await ben.joinBy(await ana.makeGroup('Choir'))
    await askTwice('Dissolve the group', 'Dissolve Choir?')
    await page.getByRole('button', { name: 'What to do with ben' }).click()
    await askTwice('Remove', 'Ban ben from the group?', 'Ban')
    await ana.find('ben')
    await page.getByRole('link', { name: 'About this conversation' }).click()
    await askTwice('Block', 'Block ben?')
    t.pass()
  })

  test('the list is one tab stop, with arrows inside; the skip link leads past it', async (t) => {
    const { browser } = t.context
    const { url } = await startServer(t)
    const ana = await Person.arrive(t, browser, url)
    const others = [await Person.arrive(t, browser, url), await Person.arrive(t, browser, url)]
    await ana.join('ana')
    for (const [index, other] of others.entries()) {
      await other.join(`friend-${index}`)
      await other.find('ana')
      await other.say(`hello from ${index}`)
      await other.sees('hello', 'delivered')
    }
    const { page } = ana
    await page.locator('.conversation').nth(1).waitFor()
    t.is(await page.locator('.conversation[tabindex="0"]').count(), 1)
    const names = await page.locator('.conversation-name').allInnerTexts()
    const current = () => page.evaluate(() => document.activeElement?.querySelector('.conversation-name')?.textContent)
    await page.locator('.conversation[tabindex="0"]').focus()
    t.is(await current(), names[0])
    await page.keyboard.press('ArrowDown')
    t.is(await current(), names[1])
    await page.keyboard.press('ArrowDown')
    t.is(await current(), names[1], 'it ends there')
    await page.keyboard.press('Home')
    t.is(await current(), names[0])
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    await page.getByLabel(`Message to ${names[1]}`).waitFor()
    t.is(await page.locator('.conversation[aria-current=page]').count(), 1)

    await page.reload()
    await ana.sees('hello')
    t.true(
      await page.evaluate(() => document.querySelector('a, button, input')?.matches('.skip-link')),
      'it comes first',
    )
    await page.locator('.skip-link').focus()
    await page.keyboard.press('Enter')
    t.true(await page.evaluate(() => document.activeElement?.id === 'page'))
    t.regex(page.url(), /#\/with\//, 'the address stays')
  })

  test('on a phone the focus goes to the page that opens, and back to where one was', async (t) => {
    const { browser } = t.context
    const { url } = await startServer(t)
    const ana = await Person.arrive(t, browser, url, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    })
    const ben = await Person.arrive(t, browser, url)
    await ana.join('ana')
    await ben.join('ben')
    await ben.find('ana')
    await ben.say('hello')
    await ana.page.locator('.conversation').tap()
    await ana.sees('hello')
    // No keyboard covers what one reads.
    await ana.page.locator('h1:focus').waitFor()
    await ana.page.getByRole('link', { name: 'Back' }).tap()
    await ana.page.locator('.conversation').waitFor()
    await ana.page.waitForFunction(() => document.activeElement?.matches('.conversation'))
    const small = await ana.page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('a, button, input')]
        .filter((element) => element.offsetParent)
        .map((element) => [element.className, element.getBoundingClientRect().height] as const)
        .filter(([, height]) => height < 44),
    )
    t.deepEqual(small, [])
  })

  test('new messages are announced once, politely, and the history is not', async (t) => {
    const { ana, ben } = await meet(t, 'ana', 'ben')
    await ben.find('ana')
    const status = ana.page.locator('[role=status].visually-hidden')
    await ben.say('one')
    await status.filter({ hasText: 'ben: one' }).waitFor({ state: 'attached' })
    for (const text of ['two', 'three', 'four']) await ben.say(text)
    await status.filter({ hasText: /[23] new messages from ben|ben: four/ }).waitFor({ state: 'attached' })
    await ana.page.locator('.conversation').click()
    await ana.sees('four')
    const log = ana.page.getByRole('log')
    t.is(await log.getAttribute('aria-live'), 'off')
    t.is(await log.getAttribute('aria-label'), 'Messages with ben')
  })
})
