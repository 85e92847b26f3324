import { hueOf, initials } from '../format/initials.js'

const hues = 8

/** A person's picture, or their initials on a colour of their own. It says nothing that the name beside it does not. */
export function Avatar({
  id,
  name,
  src,
  size = 'medium',
}: {
  readonly id: string
  readonly name: string
  readonly src?: string | undefined
  readonly size?: 'small' | 'medium' | 'large'
}) {
  return (
    <span class="avatar" data-size={size} data-hue={hueOf(id, hues)} aria-hidden="true">
      {src ? <img src={src} alt="" width="96" height="96" decoding="async" /> : initials(name)}
    </span>
  )
}
