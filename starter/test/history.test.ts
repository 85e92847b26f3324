import { createClient } from '@natter/client'
import { authSession } from '@natter/auth/client'
import { WebSocket } from 'ws'
import { inChromium } from './support/chromium.js'
import { Person, meet, password } from './support/person.js'
import { startServer } from './support/server-process.js'
import type { Cleanup } from './support/server-process.js'

/** Somebody who writes from a program instead of a browser. */
async function writer(t: Cleanup, url: string, handle: string, fresh = true) {
  const session = authSession({ url: `${url}/chat`, mode: 'token' })
  if (fresh) await session.register({ handle, password })
  else await session.login({ handle, password })
  const chat = createClient({ url: `${url}/chat`, token: session.token, platform: { WebSocket } })
  t.teardown(() => chat.close())
  const { id } = await chat.connect()
  return { id, chat }
}

/** Who both write many messages: more than two pages of history, within what the server allows. */
async function longConversation(t: Cleanup, url: string, count: number) {
  const ben = await writer(t, url, 'ben')
  const ana = await writer(t, url, 'ana')
  const half = count / 2
  const sent = Array.from(
    { length: half },
    (_, index) => ben.chat.direct(ana.id).send({ text: `from ben ${index + 1}` }).sent,
  )
  await Promise.all(sent)
  const answers = Array.from(
    { length: half },
    (_, index) => ana.chat.direct(ben.id).send({ text: `from ana ${index + 1}` }).sent,
  )
  await Promise.all(answers)
  return { ana, ben }
}

inChromium('a long history', (test) => {
  test('older messages come while one scrolls up, and what one reads stays where it is', async (t) => {
    const { browser } = t.context
    const { url } = await startServer(t)
    const { ben, ana: writing } = await longConversation(t, url, 160)
    const ana = await Person.arrive(t, browser, url)
    await ana.login('ana')
    await ana.page.locator('.conversation').click()
    await ana.sees('from ana 80')
    const list = ana.page.locator('.messages')
    const place = () => list.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight)
    await ana.page.waitForFunction(() => {
      const element = document.querySelector('.messages')
      return element && element.scrollHeight - element.scrollTop - element.clientHeight < 2
    })

    for (let rounds = 0; rounds < 12 && (await ana.message('from ben 1').count()) === 0; rounds++) {
      const before = await ana.messages.count()
      const moved = await list.evaluate(async (element) => {
        element.scrollTop = 120
        await new Promise(requestAnimationFrame)
        const rows = [...element.querySelectorAll<HTMLElement>('.message')]
        const reading = rows.find((row) => row.getBoundingClientRect().top > element.getBoundingClientRect().top + 40)
        if (!reading) return 0
        const at = reading.getBoundingClientRect().top
        const count = rows.length
        const until = performance.now() + 5_000
        while (element.querySelectorAll('.message').length === count && performance.now() < until) {
          if (document.querySelector('.history-edge')?.textContent === 'The conversation begins here') return 0
          await new Promise(requestAnimationFrame)
        }
        await new Promise(requestAnimationFrame)
        return Math.abs(reading.getBoundingClientRect().top - at)
      })
      t.true(moved < 3, `what was read moved by ${moved} px`)
      if ((await ana.messages.count()) === before) break
    }
    await list.evaluate((element) => (element.scrollTop = 0))
    await ana.page.getByText('The conversation begins here').waitFor()
    const texts = await ana.texts()
    t.is(texts.length, 160)
    t.is(new Set(texts).size, 160)

    const before = await place()
    await ben.chat.direct(writing.id).send({ text: 'and one more' }).sent
    const button = ana.page.getByRole('button', { name: '1 new message' })
    await button.waitFor()
    t.true((await place()) > before, 'nothing scrolled')
    await button.click()
    await ana.page.waitForFunction(() => {
      const element = document.querySelector('.messages')
      return element && element.scrollHeight - element.scrollTop - element.clientHeight < 2
    })
    t.is(await button.count(), 0)
  })

  test('with much unread it opens at the first of them, and counts only what was seen as read', async (t) => {
    const { url, ana } = await meet(t, 'ana')
    const ben = await writer(t, url, 'ben')
    const mine = await writer(t, url, 'ana', false)
    for (let index = 1; index <= 40; index++) await ben.chat.direct(mine.id).send({ text: `line ${index}` }).sent
    await ana.page.locator('.badge', { hasText: '40' }).waitFor()
    await ana.page.locator('.conversation').click()
    await ana.page.locator('.unread-line').waitFor()
    const shown = await ana.page.locator('.unread-line').evaluate((line) => {
      const list = line.closest('.messages') as HTMLElement
      const top = line.getBoundingClientRect().top - list.getBoundingClientRect().top
      return top >= 0 && top < list.clientHeight / 2
    })
    t.true(shown, 'the first unread message is in sight')
    await ana.page.waitForFunction(() => {
      const badge = document.querySelector('.badge span')
      return badge && Number(badge.textContent) > 0 && Number(badge.textContent) < 40
    })
    await ana.page.getByRole('button', { name: 'Jump to the newest message' }).click()
    await ana.page.locator('.badge').waitFor({ state: 'detached' })
    t.pass()
  })
})
