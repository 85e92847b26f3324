import { useState } from 'preact/hooks'
import { accountTexts } from '../text/account-texts.js'
import { Field } from './field.js'
import type { FieldProps } from './field.js'
import { Icon } from './icon.js'

/** A password, with a button that shows it. */
export function PasswordField(props: Omit<FieldProps, 'type'>) {
  const [shown, setShown] = useState(false)
  return (
    <Field {...props} type={shown ? 'text' : 'password'} exact>
      <button
        type="button"
        class="icon-button"
        aria-pressed={shown}
        aria-label={accountTexts.entrance.showPassword}
        onClick={() => setShown(!shown)}
      >
        <Icon name={shown ? 'eyeOff' : 'eye'} />
      </button>
    </Field>
  )
}
