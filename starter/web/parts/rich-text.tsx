import { textParts } from '../format/links.js'
import { mentionParts } from '../format/mentions.js'
import { useChat } from '../state/app-state.js'

/** A message's text, with its web addresses as links and its mentions marked. Built from elements, never from markup. */
export function RichText({
  text,
  tabIndex,
  mentions = [],
}: {
  readonly text: string
  readonly tabIndex: 0 | -1
  readonly mentions?: readonly string[] | undefined
}) {
  return (
    <>
      {textParts(text).map(({ text, href }, index) =>
        href ? (
          <a key={index} href={href} target="_blank" rel="noopener noreferrer nofollow" tabIndex={tabIndex}>
            {text}
          </a>
        ) : mentions.length > 0 ? (
          <Mentions key={index} text={text} mentions={mentions} />
        ) : (
          text
        ),
      )}
    </>
  )
}

function Mentions({ text, mentions }: { readonly text: string; readonly mentions: readonly string[] }) {
  const { people, user } = useChat()
  const meant = mentions.map(
    (who) => [who === '@all' ? 'all' : people.of(who).value?.handle?.toLowerCase(), who] as const,
  )
  const known = new Map(meant.flatMap(([handle, who]) => (handle === undefined ? [] : [[handle, who] as const])))
  return (
    <>
      {mentionParts(text, known).map(({ text, who }, index) =>
        who === undefined ? (
          text
        ) : (
          <b key={index} class="mention" data-me={who === user || who === '@all'}>
            {text}
          </b>
        ),
      )}
    </>
  )
}
