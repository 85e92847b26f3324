import { Icon } from '../../parts/icon.js'
import { actsTexts } from '../../text/acts-texts.js'

/** What went wrong with what one did; read out when it appears, until it is put away. */
export function Notice({ text, close }: { readonly text: string | undefined; readonly close: () => void }) {
  return (
    <div role="alert" class="act-problem">
      {text && (
        <p class="form-problem">
          <Icon name="alert" />
          <span>{text}</span>
          <button type="button" class="icon-button" aria-label={actsTexts.dismiss} onClick={close}>
            <Icon name="close" />
          </button>
        </p>
      )}
    </div>
  )
}
