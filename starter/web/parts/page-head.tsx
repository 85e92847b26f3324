import type { ComponentChildren } from 'preact'
import { hashOf } from '../state/route.js'
import type { Route } from '../state/route.js'
import { texts } from '../text/texts.js'
import { Icon } from './icon.js'

/** The top of the main pane. Its title takes the focus when one comes to the page. */
export function PageHead({
  title,
  detail,
  avatar,
  back = { name: 'home' },
  inner = false,
  children,
}: {
  readonly title: string
  readonly detail?: ComponentChildren
  readonly avatar?: ComponentChildren
  /** Where the arrow leads. */
  readonly back?: Exclude<Route, { name: 'unknown' }>
  /** The page belongs to another one: the arrow is there on wide screens too. */
  readonly inner?: boolean
  /** What one can do here, at the end. */
  readonly children?: ComponentChildren
}) {
  return (
    <header class="page-head" data-inner={inner}>
      <a class="icon-button back" href={hashOf(back)} aria-label={texts.back}>
        <Icon name="back" />
      </a>
      {avatar}
      <div class="page-title">
        <h1 tabIndex={-1} dir="auto" data-page-title>
          {title}
        </h1>
        {detail && <p dir="auto">{detail}</p>}
      </div>
      {children}
    </header>
  )
}
