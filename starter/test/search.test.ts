import { inChromium } from './support/chromium.js'
import { openGallery } from './support/gallery.js'
import { Person, meet } from './support/person.js'

const desk = { width: 1280, height: 800 }

/** Looks until it is found: a message is in the index a moment after it was sent. */
async function seek({ page, finder }: Person, text: string, what: RegExp) {
  const links = page.getByRole('region', { name: 'Found messages' }).getByRole('link')
  const hit = page.getByRole('region', { name: 'Found messages' }).getByRole('link', { name: what })
  const answered = links.or(page.getByText('No messages have these words.')).first()
  // What was said a moment ago is found a moment later.
  for (;;) {
    await finder.fill(text)
    await answered.waitFor()
    if (await hit.count()) return hit
    await finder.fill('')
    await answered.waitFor({ state: 'detached' })
  }
}

inChromium('what one looks for', (test) => {
  test('one finds what was said, goes there however far back it is, and comes back to what was found', async (t) => {
    const gallery = await openGallery()
    const { ana, ben } = await meet(t, 'ana', 'ben')
    const { page } = ben
    const found = page.getByRole('region', { name: 'Found messages' })
    await ana.find('ben')
    await ana.say('My aunt’s plum cake needs a warm oven')
    await ana.sees('plum cake', 'delivered')
    for (let n = 1; n <= 55; n++) await ana.say(`filler ${n}`)
    await ana.sees('filler 55', 'delivered')
    await page.reload()
    const hit = await seek(ben, 'PLUM ca', /ana.*plum cake/)
    t.deepEqual(await hit.locator('mark').allInnerTexts(), ['plum', 'cake'])
    await found.getByText('1 message', { exact: true }).waitFor({ state: 'attached' })
    t.is(await page.getByRole('button', { name: /^Talk with/ }).count(), 0, 'two words are no handle')
    t.deepEqual(await gallery.show(page, 'search'), [])
    await page.setViewportSize({ width: 390, height: 844 })
    await hit.click()
    await page.locator('.message[data-found=true]:focus', { hasText: 'plum cake' }).waitFor()
    t.regex(page.url(), /#\/c\/[^/]+$/, 'the address is that of the conversation again')
    await page.goBack()
    await hit.waitFor()
    await hit.click()
    await page.locator('.message[data-found=true]', { hasText: 'plum cake' }).waitFor()
    await page.setViewportSize(desk)
    t.deepEqual(await gallery.show(page, 'search-led-to'), [])
  })

  test('without a mouse: from the field to what was found and into the message', async (t) => {
    const { ana, ben } = await meet(t, 'ana', 'ben')
    await ben.finder.fill('ana')
    await ben.page.getByRole('region', { name: 'Found messages' }).getByRole('link', { name: 'ana @ana' }).waitFor()
    await ana.find('ben')
    for (const text of ['The first lantern', 'The second lantern']) await ana.say(text)
    await ben.page.locator('.conversation').waitFor()
    const { page } = ben
    await seek(ben, 'lantern', /ana.*second lantern/)
    for (let presses = 0; presses < 8; presses++) {
      await page.keyboard.press('Tab')
      if (await page.evaluate(() => document.activeElement?.textContent?.includes('second lantern'))) break
    }
    await page.keyboard.press('ArrowDown')
    t.true(await page.evaluate(() => document.activeElement?.textContent?.includes('first lantern')))
    await page.keyboard.press('Enter')
    await page.locator('.message[data-found=true]', { hasText: 'The first lantern' }).waitFor()
  })

  test('what is gone, not there or cannot be asked for says so', async (t) => {
    const { ana, url } = await meet(t, 'ana')
    const ben = await Person.arrive(t, t.context.browser, url, { expected: /ERR_INTERNET_DISCONNECTED|WebSocket/ })
    await ben.join('ben')
    await ana.find('ben')
    await ana.say('A word to be taken back')
    await ana.sees('taken back', 'delivered')
    const { page } = ben
    await ben.finder.fill('nowhere')
    await page.getByText('No messages have these words.').waitFor()
    await seek(ben, 'taken', /ana.*taken back/)
    await ana.act('taken back', 'Delete for everyone')
    await ana.page.getByRole('dialog').getByRole('button', { name: 'Delete for everyone' }).click()
    await ana.page.getByText('You deleted this message.').waitFor()
    await ben.finder.fill('taken b')
    await page.getByText('No messages have these words.').waitFor()
    await ben.page.context().setOffline(true)
    await page.evaluate(() => dispatchEvent(new Event('offline')))
    await ben.finder.fill('tak')
    await page.getByText('Messages are looked for once there is a connection.').waitFor()
    await ben.page.context().setOffline(false)
    await page.evaluate(() => dispatchEvent(new Event('online')))
    await page.getByText('No messages have these words.').waitFor()
    t.is(await page.getByRole('region', { name: 'Found messages' }).getByRole('link').count(), 0)
  })
})
