import { accessSync, constants } from 'node:fs'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import { rolldown } from 'rolldown'

const candidates = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]

function installed(): string | undefined {
  return candidates.find((path) => {
    try {
      if (path) accessSync(path, constants.X_OK)
      return Boolean(path)
    } catch {
      return false
    }
  })
}

/** A test in Chromium, with a virtual authenticator. Without a browser it is skipped, and says what is missing. */
export function inChromium(
  title: string,
  run: (t: ExecutionContext, page: Page, authenticator: VirtualAuthenticator) => Promise<void>,
) {
  const executablePath = installed()
  if (!executablePath) {
    test.skip(`MISSING: Chromium, for "${title}". Set CHROMIUM_PATH, or install it: apt-get install chromium`, (t) =>
      t.pass())
    return
  }
  test.serial(title, async (t) => {
    const browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu'] })
    t.teardown(() => browser.close())
    const page = await (await browser.newContext()).newPage()
    await run(t, page, await virtualAuthenticator(page))
  })
}

export interface VirtualAuthenticator {
  credentials(): Promise<number>
  /** Whether its owner is recognised from now on. */
  recognise(owner: boolean): Promise<void>
  /** A device without passkeys. */
  clear(): Promise<void>
}

async function virtualAuthenticator(page: Page): Promise<VirtualAuthenticator> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return {
    credentials: async () => (await devtools.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length,
    recognise: (owner) =>
      devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: owner }).then(() => {}),
    clear: () => devtools.send('WebAuthn.clearCredentials', { authenticatorId }).then(() => {}),
  }
}

/** A script for a page, from a module's source, as an app bundles it. */
export async function script(source: string): Promise<string> {
  const entry = 'page.js'
  const build = await rolldown({
    input: entry,
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    platform: 'browser',
    plugins: [
      { name: 'entry', resolveId: (id) => (id === entry ? id : null), load: (id) => (id === entry ? source : null) },
    ],
  })
  const { output } = await build.generate({ format: 'esm' })
  await build.close()
  return output[0].code
}
