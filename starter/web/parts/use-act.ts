import { useState } from 'preact/hooks'
import { formErrorText } from '../text/form-error-text.js'
import { useAnnounce } from './announcer.js'

/** Runs what a button does, one thing at a time: says that it worked, or keeps what went wrong. */
export function useAct() {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const announce = useAnnounce()

  async function act(what: () => Promise<unknown>, words?: string): Promise<boolean> {
    if (busy) return false
    setBusy(true)
    setProblem(undefined)
    try {
      await what()
      if (words) announce(words)
      return true
    } catch (error) {
      setProblem(formErrorText(error))
      return false
    } finally {
      setBusy(false)
    }
  }
  return { busy, problem, act }
}
