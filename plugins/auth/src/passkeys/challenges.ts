/** So long may a ceremony take, ms. */
export const challengeMs = 300_000

/** What a ceremony waits for. */
export interface Challenge {
  readonly challenge: string
  readonly until: number
}

export const challengeText = (challenge: string, now: number): string =>
  JSON.stringify({ challenge, until: now + challengeMs } satisfies Challenge)

/** Nothing when it is over. */
export function liveChallenge(text: string, now: number): string | undefined {
  const { challenge, until } = JSON.parse(text) as Challenge
  return now < until ? challenge : undefined
}
