/** What I want of a message, shown until the server has said what became of it: a reaction or none, or a vote. */
export type Wish =
  | { readonly seq: number; readonly emoji: string; readonly on: boolean }
  | { readonly seq: number; readonly choices: readonly number[] }

interface Reaction {
  readonly emoji: string
  readonly users: readonly string[]
}

/** The reactions to a message as they will be, once what I wish is done. */
export function wishedReactions(
  reactions: readonly Reaction[],
  wishes: readonly Wish[],
  seq: number,
  me: string,
): readonly Reaction[] {
  return wishes.reduce<readonly Reaction[]>((shown, wish) => {
    if (wish.seq !== seq || !('emoji' in wish)) return shown
    const { emoji, on } = wish
    const known = shown.find((one) => one.emoji === emoji)
    if (on && !known) return [...shown, { emoji, users: [me] }]
    return shown
      .map((one) => {
        if (one !== known) return one
        const others = one.users.filter((user) => user !== me)
        return { emoji, users: on ? [...others, me] : others }
      })
      .filter(({ users }) => users.length > 0)
  }, reactions)
}

/** The vote that I wish, while it is under way. */
export function wishedVote(wishes: readonly Wish[], seq: number): readonly number[] | undefined {
  const wish = wishes.findLast((one) => one.seq === seq && 'choices' in one)
  return wish && 'choices' in wish ? wish.choices : undefined
}
