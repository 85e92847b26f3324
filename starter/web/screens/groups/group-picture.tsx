import { PictureForm } from '../../parts/picture-form.js'
import { useChat } from '../../state/app-state.js'
import { togetherTexts } from '../../text/together-texts.js'
import { base64Of } from '../../format/base64.js'
import type { GroupPart } from './group-about.js'

/** For admins: the picture of the group. */
export function GroupPicture({ room: { group, settings } }: GroupPart) {
  const { chat } = useChat()
  return (
    <section>
      <h2>{togetherTexts.group.picture}</h2>
      <PictureForm
        id={group}
        name={settings.name}
        src={settings.avatar}
        set={async (picture) => chat.groups.setPicture({ group, image: await base64Of(picture) })}
        remove={() => chat.groups.set({ group, settings: { avatar: '' } })}
      />
    </section>
  )
}
