import { useEffect, useState } from 'preact/hooks'
import { timeAgo } from '../format/dates.js'
import { ConfirmDialog } from '../parts/confirm-dialog.js'
import { FormProblem } from '../parts/form-problem.js'
import { PageHead } from '../parts/page-head.js'
import { useOpened } from '../parts/use-opened.js'
import type { Chat } from '../state/connect-chat.js'
import { useApp, useChat } from '../state/app-state.js'
import { formErrorText } from '../text/form-error-text.js'
import { texts } from '../text/texts.js'
import { accountTexts } from '../text/account-texts.js'
import { DeviceItem } from './device-item.js'

export type Device = Awaited<ReturnType<Chat['auth']['devices']>>['devices'][number]
const t = accountTexts.devices

/** Where the person is logged in. */
export function DevicesPage() {
  const app = useApp()
  const { chat, status } = useChat()
  const [devices, setDevices] = useState<readonly Device[]>()
  const [problem, setProblem] = useState<string>()
  const { opened, open, close } = useOpened<Device | 'others'>()
  const asked = opened?.what
  const connected = status.value.link === 'online'

  async function load() {
    try {
      setDevices((await chat.auth.devices()).devices)
      setProblem(undefined)
    } catch (error) {
      setProblem(formErrorText(error))
    }
  }
  useEffect(() => {
    if (connected) void load()
  }, [connected])

  const others = devices?.filter(({ current }) => !current) ?? []
  const here = devices?.find(({ current }) => current)
  const sorted = here ? [here, ...others] : others

  return (
    <>
      <PageHead title={t.title} back={{ name: 'account' }} inner />
      <div class="page">
        <p>{t.lead}</p>
        <FormProblem text={problem} />
        {!devices && !problem && <p class="quiet">{texts.loading}</p>}
        <ul role="list" class="rows">
          {sorted.map((device) => (
            <DeviceItem
              key={device.session}
              device={device}
              seen={device.current ? t.activeNow : t.lastSeen(timeAgo(device.lastSeenAt, Date.now()))}
              rename={async (name) => {
                await chat.auth.nameDevice({ session: device.session, name })
                await load()
              }}
              logout={() => open(device)}
            />
          ))}
        </ul>
        {devices && others.length === 0 && <p class="quiet">{t.only}</p>}
        {others.length > 1 && (
          <button type="button" class="button" onClick={() => open('others')}>
            {t.others}
          </button>
        )}
      </div>
      {asked && (
        <ConfirmDialog
          key={opened}
          title={asked === 'others' ? t.othersTitle : t.logoutTitle(asked.name)}
          confirm={asked === 'others' ? t.others : t.logoutShort}
          act={async () => {
            if (asked === 'others') await app.session.logoutEverywhere({ keepThis: true })
            else await chat.auth.revokeDevice({ session: asked.session })
            await load()
          }}
          close={close}
        >
          <p>{asked === 'others' ? t.othersLead : t.logoutLead}</p>
        </ConfirmDialog>
      )}
    </>
  )
}
