export const firstDelayMs = 500
export const longestDelayMs = 30_000

/** A random part of a delay that doubles with each attempt from 0.5 s to 30 s ("full jitter"), so that clients spread out. */
export function backoff(attempt: number, random: () => number): number {
  return random() * Math.min(longestDelayMs, firstDelayMs * 2 ** attempt)
}
