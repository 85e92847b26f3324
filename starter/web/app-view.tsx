import { Announcer } from './parts/announcer.js'
import { Later } from './parts/later.js'
import { useApp } from './state/app-state.js'
import { Shell } from './screens/shell.js'

const outside = () => import('./screens/outside.js').then(({ Outside }) => Outside)

/** The whole app: outside, just arrived, or inside. */
export function AppView() {
  const { chat, codes, welcome } = useApp()
  const { value } = chat
  const inside = value && !codes.value && !welcome.value
  return <Announcer>{inside ? <Shell key={value.user} /> : <Later load={outside} props={{}} />}</Announcer>
}
