import { effect, signal } from '@preact/signals'
import type { Signal } from '@preact/signals'
import type { Kept } from './kept.js'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const key = 'natter.theme'

/** The chosen theme. `theme.js` in the page's head applies it before anything is painted; this keeps and changes it. */
export function themeChoice(root: HTMLElement, kept: Kept): Signal<Theme> {
  const theme = signal<Theme>(themes.find((name) => name === kept.get(key)) ?? 'system')
  effect(() => {
    const { value } = theme
    if (value === 'system') delete root.dataset.theme
    else root.dataset.theme = value
    kept.set(key, value)
  })
  return theme
}
