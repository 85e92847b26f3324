import { hueOf, initials } from '../format/initials.js'
import { useApp } from '../state/app-state.js'

/** So many colours there are for people. */
export const hues = 8

/** A person's picture, or their initials on a colour of their own. It says nothing that the name beside it does not. */
export function Avatar({
  id,
  name,
  src,
  size = 'medium',
}: {
  readonly id: string
  readonly name: string
  /** As a profile names it: below the chat's address. */
  readonly src?: string | undefined
  readonly size?: 'small' | 'medium' | 'large'
}) {
  const { url } = useApp()
  return (
    <span class="avatar" data-size={size} data-hue={hueOf(id, hues)} aria-hidden="true">
      {src ? <img src={new URL(src, `${url}/`).href} alt="" width="96" height="96" decoding="async" /> : initials(name)}
    </span>
  )
}
