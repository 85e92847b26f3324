import { accessSync, constants } from 'node:fs'
import anyTest from 'ava'
import type { TestFn } from 'ava'
import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'

const places = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]

function installed(): string | undefined {
  return places.find((path) => {
    try {
      if (path) accessSync(path, constants.X_OK)
      return Boolean(path)
    } catch {
      return false
    }
  })
}

/** Tests in a real browser; without one a skipped test names what is missing. */
export function inChromium(suite: string, tests: (test: TestFn<{ browser: Browser }>) => void): void {
  const test = anyTest.serial as unknown as TestFn<{ browser: Browser }>
  const executablePath = installed()
  if (!executablePath) {
    anyTest.skip(`MISSING: Chromium, for ${suite}. Set CHROMIUM_PATH, or install it: apt-get install chromium`, (t) =>
      t.pass(),
    )
    return
  }
  test.before(async (t) => {
    t.context.browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu'] })
  })
  test.after.always((t) => t.context.browser?.close())
  tests(test)
}
