import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

export interface FieldProps {
  readonly label: string
  readonly value: string
  readonly onText: (text: string) => void
  readonly hint?: string | undefined
  readonly error?: string | undefined
  readonly type?: 'text' | 'password'
  readonly name?: string
  readonly autocomplete: string
  readonly maxLength: number
  readonly dir?: 'auto'
  /** Nothing but digits: phones show their keys. */
  readonly digits?: boolean
  /** Names and codes are written as they are: no capitals, no corrections. */
  readonly exact?: boolean
  /** Stands in the box, behind the text. */
  readonly children?: ComponentChildren
}

/** A labelled input, with a hint and an error that are tied to it. */
export function Field(props: FieldProps) {
  const { label, value, onText, hint, error, exact, type = 'text', children } = props
  const id = useId()
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="field-box">
        <input
          id={id}
          // Preact's types allow other roles for each type of input; this one has none.
          type={type as 'text'}
          name={props.name}
          autocomplete={props.autocomplete}
          maxLength={props.maxLength}
          dir={props.dir}
          {...(props.digits ? { inputMode: 'numeric' } : {})}
          {...(exact ? { autocapitalize: 'none', autocorrect: 'off', spellcheck: false } : {})}
          value={value}
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={described || undefined}
          onInput={(event) => onText(event.currentTarget.value)}
        />
        {children}
      </div>
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}
