import type { ExecutionContext } from 'ava'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Shop } from '#src/shop.js'
import { inChromium } from './chromium.js'
import { street } from './visitor.js'

const phone = { viewport: { width: 390, height: 844 } }
const desktop = { viewport: { width: 1280, height: 800 } }

/** Somebody at a browser of their own, logged in. What the page complains about fails the test. */
async function arrive(
  t: ExecutionContext<{ browser: Browser }>,
  shop: Shop,
  handle: string,
  options: BrowserContextOptions,
): Promise<Page> {
  const context = await t.context.browser.newContext({ locale: 'en-GB', ...options })
  context.setDefaultTimeout(30_000)
  const problems: string[] = []
  context.on('console', (message) => {
    if (message.type() === 'error') problems.push(`${message.text()} ${message.location().url}`)
  })
  context.on('weberror', (error) => problems.push(String(error.error().stack)))
  const page = await context.newPage()
  t.teardown(async () => {
    await context.close()
    if (problems.length > 0) throw new Error(`The page complains:\n${problems.join('\n')}`)
  })
  await page.goto(shop.url)
  await page.getByLabel('Handle').fill(handle)
  await page.getByLabel('Password').fill(handle)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('button', { name: 'Log out' }).waitFor()
  return page
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(text)
  await page.getByRole('button', { name: 'Send' }).click()
}
const line = (page: Page, kind: 'own' | 'other' | 'notice', text: string) =>
  page.locator(`#messages .${kind}`).filter({ hasText: text })
const person = (page: Page, name: string) => page.getByRole('navigation').getByRole('button', { name })

inChromium('the page of the shop', (test) => {
  test("two people log into the shop and chat in its page; the shop's own message comes in between", async (t) => {
    const { shop } = await street(t)
    const maja = await arrive(t, shop, 'maja', desktop)
    const omar = await arrive(t, shop, 'omar', phone)

    await person(omar, 'Maja Keeper').click()
    await say(omar, 'Are my apples there?')
    await line(omar, 'own', 'Are my apples there?').filter({ hasText: 'delivered' }).waitFor()

    await person(maja, 'Omar Buyer').filter({ hasText: '1 new' }).click()
    await line(maja, 'other', 'Are my apples there?').waitFor()
    await line(omar, 'own', 'Are my apples there?').filter({ hasText: 'read' }).waitFor()
    await person(maja, 'Omar Buyer').filter({ hasText: '1 new' }).waitFor({ state: 'detached' })

    await maja.getByRole('button', { name: 'Mark as shipped' }).click()
    await maja.getByText('Shipped', { exact: true }).waitFor()
    await line(omar, 'other', 'Your order has shipped: a bag of apples').waitFor()
    await line(omar, 'notice', 'Order #1 left the shop.').waitFor()
    await say(maja, 'They are on their way.')
    await line(omar, 'other', 'They are on their way.').waitFor()

    const texts = [
      'Are my apples there?',
      'Your order has shipped: a bag of apples',
      'Order #1 left the shop.',
      'They are on their way.',
    ]
    for (const page of [maja, omar]) t.deepEqual(await page.locator('#messages li > span').allInnerTexts(), texts)
    for (const page of [maja, omar]) {
      const wide = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      t.is(wide, 0, 'nothing scrolls sideways')
    }
    const shots = process.env['SHOP_SCREENSHOTS']
    if (shots) {
      await maja.screenshot({ path: `${shots}/desktop.png` })
      await omar.screenshot({ path: `${shots}/phone.png` })
    }

    await omar.reload()
    await person(omar, 'Maja Keeper').click()
    await line(omar, 'other', 'They are on their way.').waitFor()
    t.deepEqual(await omar.locator('#messages li > span').allInnerTexts(), texts)
  })

  test('a log-out in one tab ends the chat in the other', async (t) => {
    const { shop } = await street(t)
    const one = await arrive(t, shop, 'omar', phone)
    await person(one, 'Maja Keeper').click()
    const other = await one.context().newPage()
    await other.goto(shop.url)
    await other.getByRole('button', { name: 'Log out' }).click()
    await other.getByRole('button', { name: 'Log in' }).waitFor()
    await one.getByText('Disconnected.').waitFor()
    t.pass()
  })
})
