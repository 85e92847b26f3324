import { useEffect, useState } from 'preact/hooks'
import { useChat } from '../state/app-state.js'
import { formErrorText } from '../text/form-error-text.js'

/** Something of the account that is asked for with each connection, and again after it was changed. */
export function useLoaded<T>(load: () => Promise<T>) {
  const { status } = useChat()
  const [value, setValue] = useState<T>()
  const [problem, setProblem] = useState<string>()
  const connected = status.value.link === 'online'

  async function again() {
    try {
      setValue(await load())
      setProblem(undefined)
    } catch (error) {
      setProblem(formErrorText(error))
    }
  }
  /** Does something that changes it. */
  async function change(act: () => Promise<unknown>) {
    try {
      await act()
      await again()
    } catch (error) {
      setProblem(formErrorText(error))
    }
  }
  useEffect(() => {
    if (connected) void again()
  }, [connected])

  return { value, problem, again, change }
}
