import { useEffect, useRef } from 'preact/hooks'

/** A dialog that is open for as long as it is on the page. The focus goes back to where it was, as browsers do it. */
export function useModal() {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const { current } = dialog
    current?.showModal()
    return () => current?.close()
  }, [])
  return dialog
}
