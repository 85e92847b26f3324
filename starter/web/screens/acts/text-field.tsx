import { Labelled } from '../../parts/labelled.js'
import type { Labelling } from '../../parts/labelled.js'

/** Longest text that the server takes, UTF-16 units. */
const most = 16_384

/** A text of several lines. */
export function TextField({ label, value, onText, error }: Labelling) {
  return (
    <Labelled
      label={label}
      error={error}
      control={(ties) => (
        <textarea
          {...ties}
          rows={3}
          dir="auto"
          maxLength={most}
          value={value}
          onInput={(event) => onText(event.currentTarget.value)}
        />
      )}
    />
  )
}
