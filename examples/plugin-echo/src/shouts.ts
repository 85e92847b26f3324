/** Whether a text has at least `from` letters and all of them are capitals. Letters without case are no shouting. */
export function shouts(text: string, from: number): boolean {
  const letters = text.match(/\p{L}/gu) ?? []
  return letters.length >= from && letters.every((letter) => /\p{Lu}/u.test(letter))
}
