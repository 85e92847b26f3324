import { useId } from 'preact/hooks'

/** Longest text that the server takes, UTF-16 units. */
const most = 16_384

/** A text of several lines. */
export function TextField({
  label,
  value,
  onText,
  error,
}: {
  readonly label: string
  readonly value: string
  readonly onText: (value: string) => void
  readonly error: string | undefined
}) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="field-box">
        <textarea
          id={id}
          rows={3}
          dir="auto"
          maxLength={most}
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
