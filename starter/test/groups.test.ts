import { inChromium } from './support/chromium.js'
import { openGallery } from './support/gallery.js'
import { Person, meet } from './support/person.js'
import { startServer } from './support/server-process.js'

const desk = { width: 1280, height: 800 }

inChromium('groups', (test) => {
  test('one makes a group and invites a friend, a link brings another, and all read what happened', async (t) => {
    const gallery = await openGallery()
    const { browser } = t.context
    const { url } = await startServer(t)
    const [ana, ben, clara] = [
      await Person.arrive(t, browser, url),
      await Person.arrive(t, browser, url),
      await Person.arrive(t, browser, url),
    ]
    await ana.join('ana')
    await ben.join('ben')
    await ana.befriend('ben')
    await ben.accept('ana')
    const { page } = ana
    await page.getByRole('link', { name: 'New group' }).click()
    await page.getByRole('button', { name: 'Make the group' }).click()
    await page.getByText('Write a name.').waitFor()
    await page.getByLabel('Name of the group').fill('Hikers')
    await page.getByLabel('ben').check()
    t.deepEqual(await gallery.show(page, 'group-new'), [])
    await page.setViewportSize(desk)
    await page.getByRole('button', { name: 'Make the group' }).click()
    await page.locator('.event-line', { hasText: 'You created “Hikers”' }).waitFor()
    await page.locator('.event-line', { hasText: 'You invited ben' }).waitFor()

    await ben.page.getByText('1 request waits').waitFor({ state: 'attached' })
    await ben.open('#/people')
    await ben.page.getByText('ana invites you').waitFor()
    t.deepEqual(await gallery.show(ben.page, 'group-invited'), [])
    await ben.page.setViewportSize(desk)
    await ben.page.getByRole('button', { name: 'Join Hikers' }).click()
    await ben.composer.waitFor()
    await ben.say('Where do we go?')
    await page.locator('.event-line', { hasText: 'ben joined' }).waitFor()
    await ana.sees('Where do we go?')
    await page.locator('.author', { hasText: 'ben' }).waitFor()

    await page.getByRole('link', { name: 'About this conversation' }).click()
    await page.getByRole('button', { name: 'Make an invite link' }).click()
    const link = await page.getByLabel('Invite link').inputValue()
    t.regex(link, /#\/join\//)
    await clara.open(new URL(link).hash)
    await clara.register('clara')
    await clara.page.getByRole('button', { name: 'Go to my conversations' }).click()
    await clara.page.getByRole('button', { name: 'Join the group' }).waitFor()
    t.deepEqual(await gallery.show(clara.page, 'group-join'), [])
    await clara.page.setViewportSize(desk)
    await clara.page.getByRole('button', { name: 'Join the group' }).click()
    await clara.composer.waitFor()
    t.is(await clara.page.getByText('Where do we go?').count(), 0, 'what was before is not hers to read')
    await clara.say('Hello everybody')
    await ben.sees('Hello everybody')
    await page.locator('.member', { hasText: 'clara' }).waitFor()
    await page.locator('.page-head', { hasText: '3 people' }).waitFor()
    t.deepEqual(await gallery.show(page, 'group-about'), [])
    await ben.page.locator('.event-line', { hasText: 'clara joined' }).waitFor()
    t.deepEqual(await gallery.show(ben.page, 'group-chat'), [])
    await page.evaluate(() => (document.documentElement.dir = 'rtl'))
    t.deepEqual(await gallery.show(page, 'group-about-rtl'), [])
  })

  test('the owner gives roles, mutes, removes, bans and hands over; members leave, and the end is the end', async (t) => {
    const gallery = await openGallery()
    const { browser } = t.context
    const { url } = await startServer(t)
    const [ana, ben, clara] = [
      await Person.arrive(t, browser, url),
      await Person.arrive(t, browser, url),
      await Person.arrive(t, browser, url),
    ]
    for (const [person, handle] of [
      [ana, 'ana'],
      [ben, 'ben'],
      [clara, 'clara'],
    ] as const)
      await person.join(handle)
    const { page } = ana
    const link = await ana.makeGroup('Choir')
    for (const person of [ben, clara]) await person.joinBy(link)
    const member = (name: string) => page.locator('.member', { hasText: name })
    const manage = async (name: string) => {
      const button = page.getByRole('button', { name: `What to do with ${name}` })
      if ((await button.getAttribute('aria-expanded')) === 'false') await button.click()
    }
    const happened = (person: Person, text: string) => person.page.locator('.event-line', { hasText: text }).waitFor()

    await manage('ben')
    await member('ben').getByLabel('Role').selectOption('Admin')
    await happened(ben, 'ana made you an admin')
    await happened(clara, 'ana made ben an admin')
    t.deepEqual(await gallery.show(page, 'group-members'), [])
    await page.setViewportSize(desk)
    await manage('clara')
    await member('clara').getByRole('button', { name: 'Mute for a day' }).click()
    await clara.page.getByText('You may not write here until').waitFor()
    t.is(await clara.composer.count(), 0)
    t.deepEqual(await gallery.show(clara.page, 'group-muted'), [])
    await member('clara').getByRole('button', { name: 'Let write again' }).click()
    await clara.composer.waitFor()

    await page.getByLabel('Only admins write').check()
    await clara.page.getByText('Only admins write here for now.').waitFor()
    await ben.say('Rehearsal is at eight')
    await clara.sees('Rehearsal is at eight')
    await page.getByLabel('Topic').fill('Tuesdays at eight')
    await page.getByLabel('Announcement').fill('Bring your scores.')
    await page.getByRole('button', { name: 'Save' }).click()
    await clara.page.locator('.page-head', { hasText: '3 people · Tuesdays at eight' }).waitFor()
    await happened(clara, 'ana announced: Bring your scores.')

    await member('clara').getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await member('clara').waitFor({ state: 'detached' })
    await clara.page.locator('.conversation').waitFor({ state: 'detached' })
    await happened(ben, 'ana removed clara')
    await clara.open(new URL(link).hash)
    await clara.page.getByRole('button', { name: 'Join the group' }).click()
    await clara.page.getByText('Only admins write here for now.').waitFor()
    await manage('clara')
    await member('clara').getByRole('button', { name: 'Ban', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Ban', exact: true }).click()
    await happened(ben, 'ana banned clara')
    await clara.open(new URL(link).hash)
    await clara.page.getByRole('button', { name: 'Join the group' }).click()
    await clara.page.getByRole('alert').filter({ hasText: 'This link is over' }).waitFor()
    await page.getByRole('button', { name: 'Lift the ban of clara' }).click()
    await page.getByRole('button', { name: 'Lift the ban of clara' }).waitFor({ state: 'detached' })

    await manage('ben')
    await member('ben').getByRole('button', { name: 'Make owner' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Make owner' }).click()
    await happened(ben, 'ana made you the owner')
    await page.getByRole('button', { name: 'Leave the group' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Leave the group' }).click()
    await page.locator('.conversation').waitFor({ state: 'detached' })
    await happened(ben, 'ana left')
    await ben.page.getByRole('link', { name: 'About this conversation' }).click()
    await ben.page.getByRole('button', { name: 'Dissolve the group' }).click()
    await ben.page.getByRole('dialog').getByRole('button', { name: 'Dissolve the group' }).click()
    await ben.page.locator('.conversation').waitFor({ state: 'detached' })
    t.pass()
  })

  test('an @ offers the people of the group, and who is meant finds it marked', async (t) => {
    const gallery = await openGallery()
    const { ana, ben } = await meet(t, 'ana', 'ben')
    const link = await ana.makeGroup('Band')
    await ben.joinBy(link)
    await ben.open('#/')

    const { page } = ana
    await page.getByRole('link', { name: 'Back' }).click()
    await page.locator('.event-line', { hasText: 'ben joined' }).waitFor()
    await ana.composer.pressSequentially('Do you know @')
    const options = page.getByRole('option')
    await options.filter({ hasText: '@ben' }).waitFor()
    await options.filter({ hasText: '@all' }).waitFor()
    t.deepEqual(await gallery.show(page, 'mention'), [])
    await page.setViewportSize(desk)
    await ana.composer.focus()
    await ana.composer.press('End')
    await ana.composer.pressSequentially('be')
    await options.filter({ hasText: '@all' }).waitFor({ state: 'detached' })
    t.is(await ana.composer.getAttribute('aria-activedescendant'), await options.first().getAttribute('id'))
    await ana.composer.press('Enter')
    t.is(await ana.composer.inputValue(), 'Do you know @ben ', 'Enter takes the person, and sends nothing')
    await ana.composer.pressSequentially('the song?')
    await ana.composer.press('Enter')
    await ana.sees('Do you know', 'sent')
    await ben.page.getByText('1 mention of you').waitFor({ state: 'attached' })
    t.deepEqual(await gallery.show(ben.page, 'mentioned'), [])
    await ben.page.reload()
    await ben.page.getByText('1 mention of you').waitFor({ state: 'attached' })
    await ben.page.locator('.conversation').click()
    await ben.page.locator('.mention[data-me=true]', { hasText: '@ben' }).waitFor()
    await ben.page.getByText('1 mention of you').waitFor({ state: 'detached' })

    await ben.page.setViewportSize(desk)
    await ben.composer.pressSequentially('Ask @all')
    await ben.composer.press('Escape')
    await ben.composer.press('Enter')
    await ben.sees('Ask @all', 'failed')
    await ben.page.locator('.words', { hasText: 'You may not write to all.' }).waitFor()
    t.pass()
  })

  test('an admin gives the group a picture and takes it away; who may not sees no control for it', async (t) => {
    const gallery = await openGallery()
    const { ana, ben } = await meet(t, 'ana', 'ben')
    await ben.joinBy(await ana.makeGroup('Hikers'))
    const { page } = ana
    const drawn = await page.evaluate(() => {
      const canvas = document.createElement('canvas')
      canvas.width = 900
      canvas.height = 600
      const context = canvas.getContext('2d')!
      context.fillStyle = 'teal'
      context.fillRect(0, 0, 900, 600)
      context.fillStyle = 'gold'
      context.fillRect(300, 150, 300, 300)
      return canvas.toDataURL('image/png').split(',')[1] ?? ''
    })
    const file = { name: 'hill.png', mimeType: 'image/png', buffer: Buffer.from(drawn, 'base64') }
    const choose = (buffer: Buffer) => page.locator('input[type=file]').setInputFiles({ ...file, buffer })
    await choose(Buffer.from('not a picture'))
    await page.getByRole('alert').filter({ hasText: 'This picture could not be read.' }).waitFor()
    t.deepEqual(await gallery.show(page, 'group-picture-refused'), [])
    await choose(Buffer.alloc(20 * 1024 * 1024 + 1))
    await page.getByRole('alert').filter({ hasText: 'This file is too large.' }).waitFor()
    t.is(await page.locator('.avatar img').count(), 0)
    await page.setViewportSize(desk)
    await choose(file.buffer)
    await page.getByText('The picture is set.').waitFor({ state: 'attached' })
    const shown = (person: Person, where: string) =>
      person.page.waitForFunction(
        (place) => (document.querySelector<HTMLImageElement>(`${place} .avatar img`)?.naturalWidth ?? 0) > 0,
        where,
      )
    for (const where of ['.conversation', '.page-head', '.picture-form']) await shown(ana, where)
    await page.locator('.picture-form').scrollIntoViewIfNeeded()
    await page.screenshot({ path: `${gallery.folder}/group-picture-form.png` })
    t.deepEqual(await gallery.show(page, 'group-picture'), [])
    await ben.page.setViewportSize(desk)
    for (const where of ['.conversation', '.page-head']) await shown(ben, where)
    await ben.page.locator('.event-line', { hasText: 'ana changed the picture' }).waitFor()
    t.deepEqual(await gallery.show(ben.page, 'group-picture-chat'), [])
    await ben.page.setViewportSize(desk)
    await ben.page.getByRole('link', { name: 'About this conversation' }).click()
    await ben.page.locator('.member', { hasText: 'ana' }).waitFor()
    await shown(ben, '.page-head')
    t.is(await ben.page.locator('.picture-form').count(), 0)
    await page.setViewportSize(desk)
    await page.getByRole('button', { name: 'Remove it' }).click()
    await page.getByText('The picture is removed.').waitFor({ state: 'attached' })
    for (const { page: one } of [ana, ben]) await one.locator('.avatar img').first().waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Remove it' }).waitFor({ state: 'detached' })
  })
})
