import { accessSync, constants } from 'node:fs'
import anyTest from 'ava'
import type { ExecutionContext, TestFn } from 'ava'
import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'

const candidates = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
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

const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface InBrowser {
  browser: Browser
}

/**
 * A suite that needs Chromium, one test after the other. Without one it consists of a skipped test that names what is
 * missing.
 */
export function inChromium(suite: string, tests: (test: TestFn<InBrowser>) => void): void {
  const test = anyTest.serial as unknown as TestFn<InBrowser>
  const executablePath = installed()
  if (!executablePath) {
    anyTest.skip(`MISSING: Chromium, for ${suite}. Set CHROMIUM_PATH, or install it: apt-get install chromium`, (t) =>
      t.pass(),
    )
    return
  }
  anyTest.before(async (t) => {
    ;(t as ExecutionContext<InBrowser>).context.browser = await chromium.launch({ executablePath, args })
  })
  anyTest.after.always(async (t) => {
    await (t as ExecutionContext<Partial<InBrowser>>).context.browser?.close()
  })
  tests(test)
}
