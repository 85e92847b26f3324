import { defineErrors, deny, hook } from '@natter/core/contract'

/** Hooks of each kind, as a plugin about doors would own them. */
export interface Knock {
  readonly at: string
}
export const DoorErrors = defineErrors('DOOR', { LOCKED: { status: 423, message: 'The door is locked.' } })
export const allow = hook.veto<Knock, string[]>('message.door')
export const change = hook.transform<Knock, string[]>('door.change')
export const find = hook.first<Knock, string | null, string[]>('connection.find')
export const gather = hook.collect<Knock, string, string[]>('door.gather')
export const tell = hook.notify<Knock, string[]>('message.told')
export const knock: Knock = { at: 'front' }
export const locked = () => deny(DoorErrors.LOCKED)
export const boom = (): never => {
  throw new Error('boom')
}
