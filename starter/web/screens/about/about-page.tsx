import { Avatar } from '../../parts/avatar.js'
import { GroupLine } from '../../parts/group-line.js'
import { PageHead } from '../../parts/page-head.js'
import { PresenceDot } from '../../parts/presence-dot.js'
import { PresenceLine } from '../../parts/presence-line.js'
import { useChat } from '../../state/app-state.js'
import { faceOf, peerOf } from '../../state/face.js'
import { useReadable } from '../../state/readable.js'
import { texts } from '../../text/texts.js'
import { GroupAbout } from '../groups/group-about.js'
import { Disappearing } from './disappearing.js'
import { Keeping } from './keeping.js'
import { PersonAbout } from './person-about.js'

/** What a conversation is: the person or the group, and what one can do about them. */
export function AboutPage({ id }: { readonly id: string }) {
  const state = useChat()
  const info = useReadable(state.chat.conversation(id).info)
  const face = faceOf(state, { id, peer: peerOf(state, info) })
  const back = face.handle ? ({ name: 'with', handle: face.handle } as const) : ({ name: 'conversation', id } as const)
  return (
    <>
      <PageHead
        title={face.name}
        back={back}
        inner
        detail={face.kind === 'group' ? <GroupLine group={id} /> : face.handle && texts.handleOf(face.handle)}
        avatar={
          <span class="avatar-place">
            <Avatar id={face.id} name={face.name} src={face.src} />
            {face.kind === 'person' && <PresenceDot user={face.id} />}
          </span>
        }
      />
      <div class="page">
        {face.kind === 'person' && (
          <>
            <p class="about-presence">
              <PresenceLine user={face.id} otherwise={undefined} />
            </p>
            <PersonAbout user={face.id} name={face.name} />
          </>
        )}
        {info.head > 0 && !info.left && (
          <>
            <Keeping info={info} />
            <Disappearing conversation={id} />
          </>
        )}
        {face.kind === 'group' && <GroupAbout id={id} />}
      </div>
    </>
  )
}
