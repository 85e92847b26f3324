import { randomBytes } from 'node:crypto'

const pattern = /^[A-Za-z0-9_.@:-]{1,64}$/

/** Whether a value can be an id: 1 to 64 of `A-Z a-z 0-9 _ . @ : -`. */
export const isId = (value: unknown): value is string => typeof value === 'string' && pattern.test(value)

/** A new id: 22 characters of 128 random bits. */
export const newId = (): string => randomBytes(16).toString('base64url')
