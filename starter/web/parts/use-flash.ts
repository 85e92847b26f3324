import { useEffect, useState } from 'preact/hooks'

/** True for a moment after it was lit: for a button that says that it worked. */
export function useFlash(ms = 2_500): readonly [boolean, () => void] {
  const [lit, setLit] = useState(0)
  useEffect(() => {
    if (!lit) return undefined
    const timer = setTimeout(() => setLit(0), ms)
    return () => clearTimeout(timer)
  }, [lit, ms])
  return [lit > 0, () => setLit((n) => n + 1)]
}
