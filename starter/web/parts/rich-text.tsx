import { textParts } from '../format/links.js'

/** A message's text, with its web addresses as links. Built from elements, never from markup. */
export function RichText({ text, tabIndex }: { readonly text: string; readonly tabIndex: 0 | -1 }) {
  return (
    <>
      {textParts(text).map(({ text, href }, index) =>
        href ? (
          <a key={index} href={href} target="_blank" rel="noopener noreferrer nofollow" tabIndex={tabIndex}>
            {text}
          </a>
        ) : (
          text
        ),
      )}
    </>
  )
}
