import { localTime } from '../../format/send-times.js'
import { Labelled } from '../../parts/labelled.js'
import type { Labelling } from '../../parts/labelled.js'

/** A date and a time, not before the next minute, as `localTime` gives it. */
export function TimeField({ label, value, onText, error }: Labelling) {
  return (
    <Labelled
      label={label}
      error={error}
      control={(ties) => (
        <input
          {...ties}
          type="datetime-local"
          min={localTime(Date.now() + 60_000)}
          value={value}
          onInput={(event) => onText(event.currentTarget.value)}
        />
      )}
    />
  )
}
