import { mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { violations } from './axe.js'

const sizes = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 800 } } as const
const themes = ['light', 'dark'] as const

/** Takes pictures of a screen in both sizes and both themes, and looks at each with axe. */
export interface Gallery {
  readonly folder: string
  /** @returns What axe found, by size and theme. */
  show(page: Page, name: string): Promise<string[]>
}

export async function openGallery(): Promise<Gallery> {
  const chosen = process.env.NATTER_SCREENSHOTS
  if (chosen) await mkdir(chosen, { recursive: true })
  const folder = chosen || (await mkdtemp(join(tmpdir(), 'natter-screens-')))
  return {
    folder,
    async show(page, name) {
      const found: string[] = []
      for (const [size, viewport] of Object.entries(sizes)) {
        await page.setViewportSize(viewport)
        for (const theme of themes) {
          await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
          await page.evaluate(async () => {
            await document.fonts.ready
            await new Promise(requestAnimationFrame)
          })
          await page.screenshot({ path: join(folder, `${name}-${size}-${theme}.png`) })
          for (const violation of await violations(page)) found.push(`${name}, ${size}, ${theme}: ${violation}`)
          for (const place of await tooWide(page)) found.push(`${name}, ${size}, ${theme}: ${place} scrolls sideways`)
        }
      }
      return found
    },
  }
}

/** Places that scroll sideways, on which axe has no opinion. */
const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('*')]
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .filter(
        (element) => element === document.documentElement || /auto|scroll/.test(getComputedStyle(element).overflowX),
      )
      .filter((element) => !element.matches('input'))
      .map((element) => `${element.tagName.toLowerCase()}.${element.className}`),
  )
