import { useEffect, useState } from 'preact/hooks'

/**
 * A value that the server keeps, in a field: what was chosen stands there at once, and goes back to what is where the change
 * came to nothing.
 */
export function useWanted<T>(value: T, change: (value: T) => Promise<boolean>) {
  const [wanted, setWanted] = useState<{ readonly value: T }>()
  useEffect(() => {
    if (wanted?.value === value) setWanted(undefined)
  }, [value])
  const shown = wanted ? wanted.value : value
  function choose(next: T) {
    setWanted({ value: next })
    void change(next).then((done) => !done && setWanted(undefined))
  }
  return [shown, choose] as const
}
