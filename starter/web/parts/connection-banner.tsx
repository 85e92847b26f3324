import { useEffect, useState } from 'preact/hooks'
import { useChat } from '../state/app-state.js'
import { errorText } from '../text/error-text.js'
import { texts } from '../text/texts.js'
import { useAnnounce } from './announcer.js'
import { useNow } from './use-now.js'

const t = texts.connection
/** A connection that is back sooner than this was hardly missed, ms. */
const patience = 1_500

/** Tells calmly when there is no connection, what happens meanwhile, and when it is tried again. */
export function ConnectionBanner() {
  const { chat, status, forgetful } = useChat()
  const { link, retryAt, error } = status.value
  const announce = useAnnounce()
  const settled = useSettled(link === 'online', patience)
  const [lost, setLost] = useState(false)
  const now = useNow(1_000)
  const offline = link !== 'online' && !navigator.onLine

  const offlineText = forgetful.value ? t.offlineUnkept : t.offline
  const shown = link !== 'online' && (link === 'closed' || offline || !settled)
  useEffect(() => {
    if (shown && link === 'offline') {
      setLost(true)
      announce(offline ? offlineText : t.lost)
    }
    if (link === 'online' && lost) {
      setLost(false)
      announce(t.back)
    }
  }, [shown, link])
  if (!shown) return null

  const again = () => void chat.connect().catch(() => undefined)
  if (link === 'closed') {
    const outdated = error?.code === 'CLIENT_OUTDATED'
    return (
      <Banner text={outdated ? t.outdated : error ? errorText(error) : t.stopped}>
        <button type="button" class="link-button" onClick={outdated ? () => location.reload() : again}>
          {outdated ? texts.reload : t.useHere}
        </button>
      </Banner>
    )
  }
  if (offline) return <Banner text={offlineText} />
  if (link === 'connecting') return <Banner text={t.connecting} />
  if (link === 'resyncing') return <Banner text={t.resyncing} />
  const seconds = retryAt === undefined ? 0 : Math.ceil((retryAt - now) / 1000)
  return (
    <Banner text={seconds > 0 ? `${t.lost} ${t.retryIn(seconds)}` : t.lost}>
      <button type="button" class="link-button" onClick={again}>
        {t.retryNow}
      </button>
    </Banner>
  )
}

function Banner({ text, children }: { readonly text: string; readonly children?: preact.ComponentChildren }) {
  return (
    <div class="banner">
      <span>{text}</span>
      {children}
    </div>
  )
}

/** True from the moment on, false only when it was not so for a while. */
function useSettled(good: boolean, ms: number): boolean {
  const [settled, setSettled] = useState(true)
  useEffect(() => {
    if (good) {
      setSettled(true)
      return undefined
    }
    const timer = setTimeout(() => setSettled(false), ms)
    return () => clearTimeout(timer)
  }, [good, ms])
  return good || settled
}
