import type { ComponentChildren } from 'preact'
import { Mark } from '../parts/mark.js'
import { texts } from '../text/texts.js'

/** The frame of the pages before the chat: what Natter is on one side, what there is to do on the other. */
export function Threshold({
  title,
  brief = false,
  children,
}: {
  readonly title: string
  /** What Natter is was seen already: on a phone there is more room for the page. */
  readonly brief?: boolean
  readonly children: ComponentChildren
}) {
  return (
    <main class="threshold" data-brief={brief}>
      <div class="threshold-brand">
        <Mark />
        <p class="brand">
          <Mark />
          {texts.brand}
        </p>
        <div class="exchange" aria-hidden="true">
          <p>{texts.opener}</p>
          <p>{texts.reply}</p>
        </div>
        <p class="tagline">{texts.tagline}</p>
      </div>
      <div class="threshold-page">
        <div class="threshold-content">
          <h1 tabIndex={-1} data-page-title>
            {title}
          </h1>
          {children}
        </div>
      </div>
    </main>
  )
}
