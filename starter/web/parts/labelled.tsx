import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

/** Ties a control to its label, its hint and its error. */
interface Ties {
  readonly id: string
  readonly 'aria-invalid': 'true' | undefined
  readonly 'aria-describedby': string | undefined
}
/** What one writes under a label. */
export interface Labelling {
  readonly label: string
  readonly value: string
  readonly onText: (text: string) => void
  readonly error?: string | undefined
}
interface LabelledProps {
  readonly label: string
  readonly hint?: string | undefined
  readonly error?: string | undefined
  readonly control: (ties: Ties) => ComponentChildren
}

/** A control in a box under its label, with an error and a hint below it. */
export function Labelled({ label, hint, error, control }: LabelledProps) {
  const id = useId()
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="field-box">
        {control({ id, 'aria-invalid': error ? 'true' : undefined, 'aria-describedby': described || undefined })}
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
