/** Ids of 22 characters, as long as Natter's own. */
export const userId = (index: number): string => `u${String(index).padStart(21, '0')}`
/** The client id of a message; the load generator fills in the last eight digits. */
export const clientId = (index: number): string => `c${String(index).padStart(13, '0')}{n8}`
export const roomId = 'r-room-of-the-benchmark'.slice(0, 22)
/** With its envelope about 210 bytes to send and 230 to deliver. */
export const text =
  'The quick brown fox jumps over the lazy dog, and then they sit down together and have a long talk about it until the evening comes.'

/** Loopback addresses, so that limits per address see as many networks as there would be. */
export const address = (index: number): string => `127.0.${1 + (Math.floor(index / 250) % 200)}.${1 + (index % 250)}`
/** Secret of the servers of one run: tickets outlive restarts. */
export const secret = 'the secret of the benchmark, long enough to be one'
