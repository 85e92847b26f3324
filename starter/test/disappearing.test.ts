import { inChromium } from './support/chromium.js'
import { openGallery } from './support/gallery.js'
import { Person, meet } from './support/person.js'

inChromium('messages that disappear', (test) => {
  test('two set that messages disappear: both are told, and what is sent then says when it goes', async (t) => {
    const gallery = await openGallery()
    const { ana, ben } = await meet(t, 'ana', 'ben')
    await ana.find('ben')
    await ana.say('This one stays')
    await ana.sees('This one stays', 'delivered')
    await ben.page.locator('.conversation').click()
    await ben.page.getByRole('link', { name: 'About this conversation' }).click()
    const choice = ben.page.getByLabel('Messages disappear')
    t.is(await choice.inputValue(), '0')
    await choice.selectOption({ label: '1 day after they are sent' })
    await ben.page.getByText('It is set for everybody here.').waitFor({ state: 'attached' })
    t.deepEqual(await gallery.show(ben.page, 'disappearing-set'), [])
    await ana.page.getByText('ben set messages to disappear 1 day after they are sent').waitFor()
    await ana.say('This one goes')
    await ana
      .message('This one goes')
      .getByText(/^Disappears /)
      .waitFor({ state: 'attached' })
    t.is(
      await ana
        .message('This one stays')
        .getByText(/^Disappears/)
        .count(),
      0,
    )
    t.deepEqual(await gallery.show(ana.page, 'disappearing'), [])
    t.regex(await ana.page.locator('.conversation-preview').innerText(), /This one goes/)
    await ben.page.getByRole('link', { name: 'Back', exact: false }).first().click()
    await ben
      .message('This one goes')
      .getByText(/^Disappears/)
      .waitFor({ state: 'attached' })
    await ana.page.getByRole('link', { name: 'About this conversation' }).click()
    await ana.page.getByLabel('Messages disappear').selectOption({ label: 'Never' })
    await ben.page.getByText('ana set messages to stay').waitFor()
  })

  test('in a group admins set it, and members read how it is', async (t) => {
    const { ana, ben } = await meet(t, 'ana', 'ben')
    const link = await ana.makeGroup('Hikers')
    await ben.joinBy(link)
    await ben.page.getByRole('link', { name: 'About this conversation' }).click()
    await ben.page.getByText('Messages stay. Only admins change that.').waitFor()
    t.is(await ben.page.getByLabel('Messages disappear').count(), 0)
    await ana.page.getByLabel('Messages disappear').selectOption({ label: '7 days after they are sent' })
    await ben.page.getByText('Messages disappear 7 days after they are sent. Only admins change that.').waitFor()
  })

  test('a message disappears at its time by the clock of the device, too', async (t) => {
    const { ana, ben } = await meet(t, 'ana', 'ben')
    await ana.find('ben')
    await ana.say('The first')
    await ana.sees('The first', 'delivered')
    await ana.page.getByRole('link', { name: 'About this conversation' }).click()
    await ana.page.getByLabel('Messages disappear').selectOption({ label: '1 hour after they are sent' })
    await ana.page.getByRole('link', { name: 'Back', exact: false }).first().click()
    await ana.say('Soon gone')
    await ana.sees('Soon gone', 'delivered')
    // An hour later by this device, which has no connection to be told by.
    const later = await Person.arrive(t, t.context.browser, ben.url)
    await later.page.clock.install({ time: Date.now() + 3_590_000 })
    await later.login('ben')
    await later.page.locator('.conversation').click()
    await later.sees('Soon gone')
    await later.page.clock.fastForward(20_000)
    await later.message('Soon gone').waitFor({ state: 'detached' })
    await later.sees('The first')
    t.pass()
  })
})
