import { useRef, useState } from 'preact/hooks'
import { codeOf } from '../text/error-text.js'
import { formErrorText } from '../text/form-error-text.js'

/** Errors by field; those of the whole form under `form`. */
export type Problems<Name extends string> = { readonly [N in Name | 'form']?: string }

/**
 * Runs one submission at a time, and puts what went wrong where it belongs: with the field that `fieldOf` names for the
 * error's code, else with the form. The first field with an error gets the focus.
 */
export function useForm<Name extends string>(
  fieldOf: { readonly [code: string]: Name } = {},
  words: (error: unknown) => string = formErrorText,
) {
  const [busy, setBusy] = useState(false)
  const [problems, setProblems] = useState<Problems<Name>>({})
  const ref = useRef<HTMLFormElement>(null)

  const refuse = (found: Problems<Name>) => {
    setProblems(found)
    requestAnimationFrame(() => ref.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus())
  }

  async function submit(event: Event, check: () => Problems<Name>, act: () => Promise<void>) {
    event.preventDefault()
    if (busy) return
    const found = check()
    if (Object.values(found).some(Boolean)) return refuse(found)
    setBusy(true)
    setProblems({})
    try {
      await act()
    } catch (error) {
      const field = fieldOf[codeOf(error) ?? '']
      refuse({ [field ?? 'form']: words(error) } as Problems<Name>)
    } finally {
      setBusy(false)
    }
  }

  return { ref, busy, problems, submit, clear: () => setProblems({}) }
}
