/** The length of well-formed text in bytes of UTF-8, without assuming a `TextEncoder`. */
export function utf8Length(text: string): number {
  return encodeURIComponent(text).replace(/%../g, ' ').length
}
