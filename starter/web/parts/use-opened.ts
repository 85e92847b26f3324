import { useState } from 'preact/hooks'

/**
 * What is open over a page: a dialog, shown with `key={opened}` and `close`. A dialog says that it was closed a moment later:
 * by then another may have been opened, or the same one again, and is one of its own.
 */
export function useOpened<T>() {
  const [opened, setOpened] = useState<{ readonly what: T }>()
  return {
    opened,
    open: (what: T) => setOpened({ what }),
    /** Closes this one, and no later one. */
    close: () => setOpened((now) => (now === opened ? undefined : now)),
  }
}
