import type { ComponentChildren } from 'preact'
import { Labelled } from './labelled.js'
import type { Labelling } from './labelled.js'

export interface FieldProps extends Labelling {
  readonly hint?: string | undefined
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
  return (
    <Labelled
      label={label}
      hint={hint}
      error={error}
      control={(ties) => (
        <>
          <input
            {...ties}
            // Preact's types allow other roles for each type of input; this one has none.
            type={type as 'text'}
            name={props.name}
            autocomplete={props.autocomplete}
            maxLength={props.maxLength}
            dir={props.dir}
            {...(props.digits ? { inputMode: 'numeric' } : {})}
            {...(exact ? { autocapitalize: 'none', autocorrect: 'off', spellcheck: false } : {})}
            value={value}
            onInput={(event) => onText(event.currentTarget.value)}
          />
          {children}
        </>
      )}
    />
  )
}
