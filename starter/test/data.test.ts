import { readFile } from 'node:fs/promises'
import { inChromium } from './support/chromium.js'
import { openGallery } from './support/gallery.js'
import { Person, meet, password } from './support/person.js'

/** The log-in counts as a proof for ten minutes; the server's clock cannot be turned here. */
async function wantProofOnce({ page }: Person, path: string) {
  const late = { error: { code: 'AUTH_PROOF_NEEDED', message: 'Log in again.' } }
  let asked = 0
  await page.route(`**/auth${path}`, (route) =>
    asked++ === 0 ? route.fulfill({ status: 403, json: late }) : route.continue(),
  )
}

inChromium('the data of a person', (test) => {
  test('one takes one’s data along, and deletes the account with all that is in it', async (t) => {
    const gallery = await openGallery()
    const expected = /403|401|400|ERR_|WebSocket/
    const { url, ben } = await meet(t, 'ben')
    const ana = await Person.arrive(t, t.context.browser, url, { expected })
    await ana.join('ana')
    const { page } = ana
    await ana.find('ben')
    await ana.say('Only for Ben')
    await ben.page.locator('.conversation').click()
    await ben.sees('Only for Ben')

    await page.getByRole('link', { name: 'Your account and settings' }).click()
    await page.getByRole('link', { name: /Your data/ }).click()
    t.deepEqual(await gallery.show(page, 'data'), [])
    await page.setViewportSize({ width: 1280, height: 800 })
    await wantProofOnce(ana, '/me/export')
    await page.getByRole('button', { name: 'Download my data' }).click()
    await page.getByRole('dialog').getByLabel('Your password').fill(password)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('dialog').getByRole('button', { name: 'Go on' }).click(),
    ])
    t.is(download.suggestedFilename(), 'natter-data-ana.jsonl')
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n')
    const parts = lines.map((line) => (JSON.parse(line) as { part: string }).part)
    t.true(parts.includes('auth.account'))
    t.true(lines.some((line) => line.includes('Only for Ben')))

    await page.getByRole('button', { name: 'Delete my account' }).click()
    const dialog = page.getByRole('dialog').first()
    await dialog.getByRole('button', { name: 'Delete my account' }).click()
    await dialog.getByText('This is not your handle.').waitFor()
    t.deepEqual(await gallery.show(page, 'data-erase'), [])
    await page.setViewportSize({ width: 1280, height: 800 })
    await dialog.getByLabel('Your handle').fill('@Ana')
    await wantProofOnce(ana, '/me/erase')
    await dialog.getByRole('button', { name: 'Delete my account' }).click()
    await page.getByLabel('Your password').fill('not my password')
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByText('This is not your current password.').waitFor()
    await page.getByLabel('Your password').fill(password)
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByText('Your account is deleted, and all that was yours here.').waitFor()
    t.deepEqual(await gallery.show(page, 'data-gone'), [])
    t.deepEqual(
      await page.evaluate(() =>
        Object.keys(localStorage).filter((key) => /natter\.(account|draft|people|room)/.test(key)),
      ),
      [],
    )
    t.is(await ana.kept(), '[]')

    await ben.message('Only for Ben').waitFor({ state: 'detached' })
    await ben.message('This message went with the account it was from.').waitFor()
    t.deepEqual(await gallery.show(ben.page, 'data-of-other'), [])
    t.is(await page.getByLabel('Handle', { exact: true }).inputValue(), '')
    await page.getByLabel('I have an account').check()
    await page.getByLabel('Handle', { exact: true }).fill('ana')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
    await page.getByText('Handle or password is wrong.').waitFor()
  })
})
