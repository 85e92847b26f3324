import { inChromium } from './support/chromium.js'
import { Person, meet } from './support/person.js'
import { startServer } from './support/server-process.js'

inChromium('two people who talk', (test) => {
  test('two people register, find each other by handle, and their ticks tell the truth', async (t) => {
    const { ana, ben } = await meet(t, 'ana', 'ben')
    await ana.find('ben')
    await ana.say('Hello Ben')
    await ana.sees('Hello Ben', 'delivered')

    const item = ben.page.locator('.conversation')
    await item.getByText('1 unread message').waitFor({ state: 'attached' })
    t.is(await ben.page.title(), '(1) Natter')
    await item.click()
    await ben.sees('Hello Ben')
    await ana.sees('Hello Ben', 'read')
    await ben.say('Hello Ana')
    await ana.sees('Hello Ana')
    t.deepEqual(await ana.texts(), ['Hello Ben', 'Hello Ana'])
    t.deepEqual(await ben.texts(), ['Hello Ben', 'Hello Ana'])
    await ben.page.waitForFunction(() => document.title === 'ana · Natter')
  })

  test('a link leads to the conversation, before and after the log-in, and a reload keeps everything', async (t) => {
    const { browser } = t.context
    const { url } = await startServer(t)
    const [ana, ben] = [await Person.arrive(t, browser, url), await Person.arrive(t, browser, url)]
    await ana.open()
    await ana.register('ana')
    t.is(await ana.page.getByLabel('Your link').inputValue(), `${url}/#/with/ana`)
    await ana.page.getByRole('button', { name: 'Go to my conversations' }).click()

    await ben.open('#/with/ana')
    await ben.page.getByText('@ana is waiting to talk with you').waitFor()
    await ben.register('ben')
    await ben.composer.waitFor()
    await ben.say('I came by your link')
    await ben.sees('I came by your link', 'delivered')
    await ben.page.reload()
    await ben.sees('I came by your link', 'delivered')
    t.deepEqual(await ben.texts(), ['I came by your link'])
    t.is(await ben.page.locator('.conversation').count(), 1)
  })

  test('offline, a message waits and survives a reload; back online it arrives once', async (t) => {
    const { browser } = t.context
    const { url } = await startServer(t)
    const expected = /ERR_INTERNET_DISCONNECTED|ERR_FAILED|WebSocket/
    const [ana, ben] = [await Person.arrive(t, browser, url, { expected }), await Person.arrive(t, browser, url)]
    // The page itself comes from the same server, so only the chat is cut off for the reload; before the first connection,
    // because a socket that a page has opened already cannot be routed.
    let cut = false
    await ana.context.route('**/chat/**', (route) => (cut ? route.abort() : route.continue()))
    await ana.context.routeWebSocket('**/chat/ws', (socket) => void (cut ? socket.close() : socket.connectToServer()))
    await ana.join('ana')
    await ben.join('ben')
    await ana.find('ben')
    await ana.say('first')
    await ana.sees('first', 'delivered')

    cut = true
    await ana.context.setOffline(true)
    await ana.page
      .locator('.banner', { hasText: 'You are offline. What you write is kept and goes out later.' })
      .waitFor()
    await ana.say('written in the tunnel')
    await ana.sees('written in the tunnel', 'queued')
    await ana.page.locator('.words', { hasText: 'Waiting for a connection' }).waitFor()

    // It is written a moment after it is shown.
    while (!(await ana.kept()).includes('written in the tunnel'))
      await ana.page.evaluate(() => new Promise(requestAnimationFrame))
    const place = ana.page.url()
    await ana.page.goto('about:blank')
    await ana.context.setOffline(false)
    await ana.page.goto(place)
    await ana.sees('written in the tunnel', 'queued')
    await ana.page.getByText('Earlier messages show once there is a connection.').waitFor()
    t.is(await ana.page.getByText(/very beginning|begins here/).count(), 0)

    cut = false
    await ana.sees('written in the tunnel', 'delivered')
    await ben.page.locator('.conversation').click()
    await ben.sees('written in the tunnel')
    t.deepEqual(await ben.texts(), ['first', 'written in the tunnel'])
  })

  test('after kill -9 nothing with its tick is missing, and what waited arrives', async (t) => {
    const { browser } = t.context
    const first = await startServer(t)
    const expected = /ERR_|WebSocket|503/
    const [ana, ben] = [
      await Person.arrive(t, browser, first.url, { expected }),
      await Person.arrive(t, browser, first.url, { expected }),
    ]
    await ana.join('ana')
    await ben.join('ben')
    await ana.find('ben')
    for (const text of ['one', 'two', 'three']) await ana.say(text)
    await ana.sees('three', 'sent').catch(() => ana.sees('three', 'delivered'))
    t.is(await first.end('SIGKILL'), 'SIGKILL')
    await ana.say('four')
    await ana.sees('four', 'queued')
    await ana.page.locator('.banner', { hasText: 'No connection to Natter.' }).waitFor()

    await startServer(t, { dataDir: first.dataDir, port: first.port })
    // It may be back by itself before the button is reached.
    await ana.page.evaluate(() => document.querySelector<HTMLButtonElement>('.banner button')?.click())
    await ana.sees('four', 'delivered')
    await ben.page.locator('.conversation').click()
    await ben.sees('four')
    t.deepEqual(await ben.texts(), ['one', 'two', 'three', 'four'])
    await ben.page.reload()
    await ben.sees('four')
    t.deepEqual(await ben.texts(), ['one', 'two', 'three', 'four'])
  })

  test('two devices of one person show the same, and reading on one clears the other', async (t) => {
    const { browser } = t.context
    const { url } = await startServer(t)
    const [desk, phone, ben] = [
      await Person.arrive(t, browser, url),
      await Person.arrive(t, browser, url, { viewport: { width: 390, height: 844 } }),
      await Person.arrive(t, browser, url),
    ]
    await desk.join('ana')
    await ben.join('ben')
    await phone.login('ana')
    await ben.find('ana')
    await ben.say('To both of you')
    for (const device of [desk, phone]) await device.page.getByText('1 unread message').waitFor({ state: 'attached' })
    await desk.page.locator('.conversation').click()
    await desk.sees('To both of you')
    await phone.page.locator('.badge').waitFor({ state: 'detached' })
    await desk.say('From the desk')
    await phone.page.locator('.conversation', { hasText: 'From the desk' }).click()
    await phone.sees('From the desk', 'read')
    t.deepEqual(await phone.texts(), ['To both of you', 'From the desk'])
  })

  test('what arrives while nobody looks stays unread until somebody does', async (t) => {
    const { ana, ben } = await meet(t, 'ana', 'ben')
    await ben.find('ana')
    await ana.find('ben')
    await ana.page.evaluate(() => {
      document.hasFocus = () => false
    })
    await ben.say('are you there?')
    await ben.sees('are you there?', 'delivered')
    await ana.page.locator('.badge').waitFor()
    await ben.say('hello?')
    await ben.sees('hello?', 'delivered')
    await ana.page.evaluate(() => {
      document.hasFocus = () => true
      dispatchEvent(new Event('focus'))
    })
    await ben.sees('hello?', 'read')
    await ana.page.locator('.badge').waitFor({ state: 'detached' })
    t.pass()
  })

  test('where the browser keeps nothing, that is said, and one can talk all the same', async (t) => {
    const { browser } = t.context
    const { url } = await startServer(t)
    const ana = await Person.arrive(t, browser, url, { expected: /ERR_INTERNET_DISCONNECTED|WebSocket/ })
    await ana.context.addInitScript(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('not in this window', 'SecurityError')
      }
    })
    await ana.join('ana')
    await ana.find('ana', 'Note to yourself')
    await ana.say('a note')
    await ana.sees('a note', 'read')
    await ana.context.setOffline(true)
    await ana.page.locator('.banner', { hasText: 'this browser keeps nothing' }).waitFor()
    await ana.say('another')
    await ana.sees('another', 'queued')
    await ana.context.setOffline(false)
    await ana.sees('another', 'read')
    t.deepEqual(await ana.texts(), ['a note', 'another'])
  })

  test('drafts survive a reload, each in its own conversation', async (t) => {
    const { ana } = await meet(t, 'ben', 'ana')
    await ana.find('ben')
    await ana.say('hello')
    await ana.sees('hello', 'delivered')
    await ana.composer.fill('half a thought')
    await ana.find('ana', 'Note to yourself')
    t.is(await ana.composer.inputValue(), '')
    await ana.page.locator('.conversation', { hasText: 'Draft: half a thought' }).waitFor()
    await ana.page.reload()
    await ana.page.locator('.conversation', { hasText: 'Draft: half a thought' }).click()
    await ana.page.waitForFunction(
      () => document.querySelector<HTMLTextAreaElement>('.composer textarea')?.value === 'half a thought',
    )
    t.is(await ana.composer.inputValue(), 'half a thought')
  })

  test('text stays text, and only web addresses become links', async (t) => {
    const { ana } = await meet(t, 'ana')
    await ana.find('ana', 'Note to yourself')
    await ana.say('<img src=x onerror=alert(1)> javascript:alert(1) (see https://example.org/a_(b)). Bye')
    await ana.sees('onerror', 'read').catch(() => ana.sees('onerror'))
    t.deepEqual(await ana.texts(), [
      '<img src=x onerror=alert(1)> javascript:alert(1) (see https://example.org/a_(b)). Bye',
    ])
    const links = ana.page.locator('.message a')
    t.is(await links.count(), 1)
    t.is(await links.getAttribute('href'), 'https://example.org/a_(b)')
    t.is(await links.getAttribute('rel'), 'noopener noreferrer nofollow')
    t.is(await ana.page.locator('.message img').count(), 0)
  })

  test('Shift and Enter break a line, and a composed word is not sent before its time', async (t) => {
    const { ana } = await meet(t, 'ana')
    await ana.find('ana', 'Note to yourself')
    await ana.composer.fill('one')
    await ana.composer.press('Shift+Enter')
    await ana.composer.pressSequentially('two')
    t.is(await ana.composer.inputValue(), 'one\ntwo')
    await ana.composer.dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true })
    t.is(await ana.messages.count(), 0)
    await ana.composer.press('Enter')
    await ana.sees('one')
    t.deepEqual(await ana.texts(), ['one\ntwo'])
    t.is(await ana.composer.inputValue(), '')
  })
})
