/** A typed place in every connection's state, with an index fixed at boot. */
export interface Slot<T> {
  readonly kind: 'slot'
  readonly name: string
  readonly '~type'?: T
  get(connection: SlotHolder): T | undefined
  set(connection: SlotHolder, value: T | undefined): void
}
/** What has slots: a connection. */
export interface SlotHolder {
  readonly slots: unknown[]
}
