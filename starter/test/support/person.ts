import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'
import type { InBrowser } from './chromium.js'
import { startServer } from './server-process.js'
import type { Cleanup } from './server-process.js'

export const password = 'four candles by the window'

/** A person at a browser of their own. What the page complains about is gathered, and fails the test at its end. */
export class Person {
  readonly context: BrowserContext
  readonly page: Page
  readonly problems: string[]
  readonly url: string

  private constructor(context: BrowserContext, page: Page, url: string, problems: string[]) {
    this.context = context
    this.page = page
    this.url = url
    this.problems = problems
  }

  static async arrive(
    t: Cleanup,
    browser: Browser,
    url: string,
    options: BrowserContextOptions & { readonly expected?: RegExp } = {},
  ): Promise<Person> {
    const { expected, ...settings } = options
    const context = await browser.newContext({ locale: 'en-GB', ...settings })
    context.setDefaultTimeout(45_000)
    const problems: string[] = []
    const note = (text: string) => {
      if (!expected?.test(text)) problems.push(text)
    }
    context.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        note(`${message.text()} ${message.location().url}`)
    })
    context.on('weberror', (error) => note(String(error.error().stack)))
    const page = await context.newPage()
    t.teardown(async () => {
      await context.close()
      if (problems.length > 0) throw new Error(`The page complains:\n${problems.join('\n')}`)
    })
    return new Person(context, page, url, problems)
  }

  async open(hash = '#/'): Promise<void> {
    await this.page.goto(`${this.url}/${hash}`)
  }

  /** Fills the one page there is: a handle and a password. */
  async register(handle: string): Promise<void> {
    await this.page.getByLabel('Handle', { exact: true }).fill(handle)
    await this.page.getByLabel('Password', { exact: true }).fill(password)
    await this.page.getByRole('button', { name: 'Create my account' }).click()
    await this.page.getByRole('button', { name: 'I kept them' }).click()
  }

  async join(handle: string): Promise<void> {
    await this.open()
    await this.register(handle)
    await this.page.getByRole('button', { name: 'Go to my conversations' }).click()
  }

  async login(handle: string): Promise<void> {
    await this.open()
    await this.page.getByLabel('I have an account').check()
    await this.page.getByLabel('Handle', { exact: true }).fill(handle)
    await this.page.getByLabel('Password', { exact: true }).fill(password)
    await this.page.getByRole('button', { name: 'Log in', exact: true }).click()
    await this.finder.waitFor()
  }

  async find(handle: string, label = `Message to ${handle}`): Promise<void> {
    await this.finder.fill(handle)
    await this.finder.press('Enter')
    await this.page.getByLabel(label).waitFor()
  }

  /** Asks a person to be friends, on the page that is for it. */
  async befriend(handle: string): Promise<void> {
    await this.open('#/people')
    await this.page.getByLabel('Their handle').fill(handle)
    await this.page.getByRole('button', { name: 'Send the request' }).click()
    await this.page.getByRole('button', { name: `Take back the request to ${handle}` }).waitFor()
  }

  /** Takes the request of somebody. */
  async accept(handle: string): Promise<void> {
    await this.open('#/people')
    await this.page.getByRole('button', { name: `Accept the request of ${handle}` }).click()
    await this.page.getByRole('button', { name: `Accept the request of ${handle}` }).waitFor({ state: 'detached' })
  }

  /** Makes a group and a link that lets in; the page of the group stays open. */
  async makeGroup(name: string): Promise<string> {
    const { page } = this
    await this.open('#/new-group')
    await page.getByLabel('Name of the group').fill(name)
    await page.getByRole('button', { name: 'Make the group' }).click()
    await page.getByRole('link', { name: 'About this conversation' }).click()
    await page.getByRole('button', { name: 'Make an invite link' }).click()
    return page.getByLabel('Invite link').inputValue()
  }

  /** Comes into a group by a link. */
  async joinBy(link: string): Promise<void> {
    await this.open(new URL(link).hash)
    await this.page.getByRole('button', { name: 'Join the group' }).click()
    await this.composer.waitFor()
  }

  /** Opens the menu of a message, and chooses from it. */
  async act(text: string, what: string): Promise<void> {
    const message = this.message(text).last()
    await message.hover()
    await message.getByRole('button', { name: 'What to do with this message' }).click()
    await this.page.getByRole('dialog').getByRole('button', { name: what, exact: true }).click()
  }

  get finder(): Locator {
    return this.page.getByLabel('Find people, conversations and messages')
  }
  get composer(): Locator {
    return this.page.locator('.composer textarea')
  }
  get messages(): Locator {
    return this.page.locator('.message')
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text)
    await this.composer.press('Enter')
  }

  message(text: string): Locator {
    return this.messages.filter({ hasText: text })
  }

  /** Waits until a message is there, and has come as far as this if it is one's own. */
  async sees(text: string, state?: 'queued' | 'sent' | 'delivered' | 'read' | 'failed'): Promise<void> {
    const message = state
      ? this.page.locator(`.message[data-state=${state}]`).filter({ hasText: text })
      : this.message(text)
    await message.first().waitFor({ state: 'attached' })
  }

  /** All that the browser keeps in its databases, as text. */
  async kept(): Promise<string> {
    return this.page.evaluate(async () => {
      const kept: unknown[] = []
      for (const { name } of await indexedDB.databases()) {
        const database = await new Promise<IDBDatabase>((resolve, reject) => {
          const opening = indexedDB.open(name ?? '')
          opening.onsuccess = () => resolve(opening.result)
          opening.onerror = () => reject(opening.error ?? new Error('no database'))
        })
        for (const store of database.objectStoreNames) {
          const all = database.transaction(store).objectStore(store).getAll()
          await new Promise((resolve) => (all.onsuccess = resolve))
          kept.push(...(all.result as unknown[]))
        }
        database.close()
      }
      return JSON.stringify(kept)
    })
  }

  async texts(): Promise<string[]> {
    return this.page.locator('.message .text').allInnerTexts()
  }
}

type Met<H extends string> = { readonly url: string } & { readonly [K in H]: Person }

/** A server, and people who have just come in, each at a browser of their own. */
export async function meet<const H extends string>(
  t: Cleanup & { readonly context: InBrowser },
  ...handles: readonly H[]
): Promise<Met<H>> {
  const { url } = await startServer(t)
  const met: Record<string, Person | string> = { url }
  for (const handle of handles) {
    const person = await Person.arrive(t, t.context.browser, url)
    await person.join(handle)
    met[handle] = person
  }
  return met as Met<H>
}
