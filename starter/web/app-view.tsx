import { Announcer } from './parts/announcer.js'
import { useApp } from './state/app-state.js'
import { Entrance } from './screens/entrance.js'
import { Shell } from './screens/shell.js'
import { Welcome } from './screens/welcome.js'

/** The whole app: outside, just arrived, or inside. */
export function AppView() {
  const { chat, codes, welcome } = useApp()
  const { value } = chat
  return (
    <Announcer>
      {value ? codes.value || welcome.value ? <Welcome /> : <Shell key={value.user} /> : <Entrance />}
    </Announcer>
  )
}
