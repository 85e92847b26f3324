import { StorageErrors } from '@natter/core/contract'

/** Longer than a write waits for a majority, ms. */
const patienceMs = 12_000

/**
 * What the driver was asked, or STORAGE_UNAVAILABLE after a while: a command whose connection broke at a bad moment is never
 * answered by the driver, and whoever waits for it holds up all behind them. (Seen in mongodb 7.9.0: `Connection.writeCommand` waits
 * for `drain` where the socket was closed while the command was encoded, and a closed socket never drains.) What becomes of it after all is not known, as
 * with any connection that was lost.
 */
export async function answered<T>(asked: Promise<T>, ms = patienceMs): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(StorageErrors.UNAVAILABLE()), ms)
  })
  try {
    return await Promise.race([asked, late])
  } finally {
    clearTimeout(timer)
  }
}
