import { useId } from 'preact/hooks'
import { localTime } from '../../format/send-times.js'

/** A date and a time, not before the next minute. */
export function TimeField({
  label,
  value,
  onText,
  error,
}: {
  readonly label: string
  /** As `localTime` gives it. */
  readonly value: string
  readonly onText: (value: string) => void
  readonly error: string | undefined
}) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="field-box">
        <input
          id={id}
          type="datetime-local"
          min={localTime(Date.now() + 60_000)}
          value={value}
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={error ? `${id}-error` : undefined}
          onInput={(event) => onText(event.currentTarget.value)}
        />
      </div>
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  )
}
