import { hash, parseOptions, verify } from '@node-rs/argon2'
import { Turnstile } from './turnstile.js'

/** Hashes passwords. */
export interface PasswordHashing {
  /** A PHC string. @throws NATTER_BUSY */
  hash(password: string): Promise<string>
  /** @throws NATTER_BUSY */
  verify(phc: string, password: string): Promise<boolean>
  /** Whether it was made with less work than is asked for now. */
  outdated(phc: string): boolean
}

export interface HashingOptions {
  readonly memoryKiB: number
  readonly passes: number
  readonly parallelism: number
  readonly concurrent: number
  readonly queue: number
}

/** A const enum of the library, whose values cannot be imported into isolated modules. */
const argon2id = 2

/** Argon2id (RFC 9106). Only a few hashes run at a time: each takes its memory, and a core. */
export function argon2Hashing(options: HashingOptions): PasswordHashing {
  const turnstile = new Turnstile({ width: options.concurrent, queue: options.queue })
  const work = {
    algorithm: argon2id,
    memoryCost: options.memoryKiB,
    timeCost: options.passes,
    parallelism: options.parallelism,
  }
  return {
    hash: (password) => turnstile.run(() => hash(password.normalize('NFC'), work)),
    verify: (phc, password) => turnstile.run(() => verify(phc, password.normalize('NFC'))),
    outdated(phc) {
      const made = parseOptions(phc)
      return (
        made.algorithm !== argon2id ||
        made.memoryCost < work.memoryCost ||
        made.timeCost < work.timeCost ||
        made.parallelism < work.parallelism
      )
    },
  }
}
