import { randomBytes } from 'node:crypto'

/** 128 random bits as 22 characters of the id set. */
export const newId = (): string => randomBytes(16).toString('base64url')
