/** The other end of a connection, whatever carries it. Frames are whole: header and payload of one WebSocket message. */
export interface Peer {
  /** Bytes handed over and not yet taken by the network. */
  readonly buffered: number
  /** Writes frames, in order, in one go. `drained` is called once they have left. */
  write(frames: Buffer, drained?: () => void): void
  ping(): void
  /** Says goodbye, and makes sure that the connection ends even if nobody reads it. */
  close(code: number, reason: string): void
  terminate(): void
  /** From now on these are told what comes, in place of those that were so far: nothing of the hello has to be kept. */
  handOver?(events: PeerEvents): void
}

/** What a connection hears from its peer. */
export interface PeerEvents {
  text(data: string): void
  /** Any sign of life that is not a text frame. */
  alive(): void
  closed(code: number): void
}
