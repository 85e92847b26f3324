import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { texts } from '../text/texts.js'
import { Empty } from './empty.js'
import { focusPage } from './use-page-focus.js'

/** A part of the app that is fetched when it is first shown. */
export function Later<P extends object>({
  load,
  props,
  small = false,
}: {
  readonly load: () => Promise<ComponentType<P>>
  readonly props: P
  /** A part of a page: it appears when it is there, and takes no focus. */
  readonly small?: boolean
}) {
  const [part, setPart] = useState<{ readonly Part: ComponentType<P> } | 'failed'>()
  useEffect(() => {
    let wanted = true
    load().then(
      (Part) => wanted && setPart({ Part }),
      () => wanted && setPart('failed'),
    )
    return () => {
      wanted = false
    }
  }, [load])
  useEffect(() => {
    // It was not there yet when the focus went to the page.
    if (part && !small) focusPage(document)
  }, [part])
  if (small && (!part || part === 'failed')) return null
  if (!part) return <p class="quiet">{texts.loading}</p>
  if (part !== 'failed') return <part.Part {...props} />
  return (
    <Empty title={texts.later.title} lead={texts.later.lead}>
      <button type="button" class="button" onClick={() => location.reload()}>
        {texts.reload}
      </button>
    </Empty>
  )
}
