import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
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
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    // What had the focus is gone with the page before.
    if (brief && document.activeElement === document.body) heading.current?.focus()
  }, [title])
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
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {children}
        </div>
      </div>
    </main>
  )
}
