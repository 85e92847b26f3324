import type { ComponentChildren } from 'preact'
import { Mark } from './mark.js'

/** A place where there is nothing yet, and what one can do about it. */
export function Empty({ title, lead, children }: { title: string; lead: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <Mark />
      <h2>{title}</h2>
      <p>{lead}</p>
      {children}
    </div>
  )
}
