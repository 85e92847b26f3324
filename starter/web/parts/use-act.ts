import { useRef, useState } from 'preact/hooks'
import { formErrorText } from '../text/form-error-text.js'
import { useAnnounce } from './announcer.js'

/** Runs what buttons and boxes do, one after the other: says that it worked, or keeps what went wrong. */
export function useAct(said: (error: unknown) => string = formErrorText) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const before = useRef<Promise<unknown>>(Promise.resolve())
  const announce = useAnnounce()

  async function run(what: () => Promise<unknown>, words: string | undefined): Promise<boolean> {
    setBusy(true)
    setProblem(undefined)
    try {
      await what()
      if (words) announce(words)
      return true
    } catch (error) {
      setProblem(said(error))
      return false
    } finally {
      setBusy(false)
    }
  }
  /** `false`: it came to nothing. */
  function act(what: () => Promise<unknown>, words?: string): Promise<boolean> {
    const done = before.current.then(() => run(what, words))
    before.current = done
    return done
  }
  return { busy, problem, act }
}
