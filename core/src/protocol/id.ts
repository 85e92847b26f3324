import { hash, randomUUID } from 'node:crypto'

const pattern = /^[A-Za-z0-9_.@:-]{1,64}$/

/** Whether a value can be an id: 1 to 64 of `A-Z a-z 0-9 _ . @ : -`. */
export const isId = (value: unknown): value is string => typeof value === 'string' && pattern.test(value)

/**
 * A new id: a random UUID (RFC 9562, version 4: 122 random bits) in 22 characters. Node draws randomness for many of them at once,
 * so that one costs a quarter of asking for 16 bytes.
 */
export const newId = (): string => Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url')

/** The client id of the system entry that there is because of this: the same cause is the same entry. */
export const causeId = (cause: string): string => `s${hash('sha256', cause, 'base64url').slice(0, 21)}`
