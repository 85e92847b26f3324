import type { ComponentChildren } from 'preact'
import { useId, useState } from 'preact/hooks'
import { formErrorText } from '../text/form-error-text.js'
import { texts } from '../text/texts.js'
import { FormProblem } from './form-problem.js'
import { useModal } from './use-modal.js'

/** Asks before something that cannot be undone. The focus goes back to where it was, as browsers do it for dialogs. */
export function ConfirmDialog({
  title,
  children,
  confirm,
  act,
  close,
}: {
  readonly title: string
  readonly children: ComponentChildren
  readonly confirm: string
  readonly act: () => Promise<void>
  readonly close: () => void
}) {
  const dialog = useModal()
  const id = useId()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()

  async function go() {
    if (busy) return
    setBusy(true)
    setProblem(undefined)
    try {
      await act()
      dialog.current?.close()
    } catch (error) {
      setProblem(formErrorText(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onClose={close}>
      <h2 id={id}>{title}</h2>
      <div class="dialog-text">{children}</div>
      <FormProblem text={problem} />
      <div class="dialog-buttons">
        <button type="button" class="button" onClick={() => dialog.current?.close()}>
          {texts.cancel}
        </button>
        <button type="button" class="button danger" aria-disabled={busy} onClick={() => void go()}>
          {confirm}
        </button>
      </div>
    </dialog>
  )
}
