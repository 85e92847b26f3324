import type { Binding } from '../database.js'

/** Types of PostgreSQL. */
const int8 = 20
const text = 25
const head = 20
/** A character of a string takes so many bytes at most. */
const perCharacter = 3
const two32 = 2 ** 32

/**
 * A list as PostgreSQL takes it in its binary format (`array_recv` of its source): a list of numbers is a `bigint[]`, one of
 * texts a `text[]`, where a value may be absent. Text that is quoted costs both sides three times as much.
 *
 * @throws TypeError for a number that is not whole, and for values of several types
 */
export function listBytes(list: readonly Binding[]): Buffer | string {
  const first = list.find((value) => value !== null)
  // what is in it nobody knows, so its type is the server's to say
  if (first === undefined) return `{${list.map(() => 'NULL').join(',')}}`
  return typeof first === 'number' ? numbers(list) : texts(list)
}

function begin(bytes: Buffer, type: number, size: number): void {
  bytes.writeInt32BE(1, 0)
  // whether there are absent ones: they are told by their length
  bytes.writeInt32BE(1, 4)
  bytes.writeInt32BE(type, 8)
  bytes.writeInt32BE(size, 12)
  bytes.writeInt32BE(1, 16)
}

function numbers(list: readonly Binding[]): Buffer {
  const bytes = Buffer.allocUnsafe(head + list.length * 12)
  begin(bytes, int8, list.length)
  let at = head
  for (const value of list) {
    if (value === null) {
      at = bytes.writeInt32BE(-1, at)
      continue
    }
    if (!Number.isSafeInteger(value)) throw new TypeError('storage-sql: a list of numbers takes whole ones only.')
    at = bytes.writeInt32BE(8, at)
    at = bytes.writeInt32BE(Math.floor((value as number) / two32), at)
    at = bytes.writeUInt32BE((value as number) >>> 0, at)
  }
  return bytes.subarray(0, at)
}

function texts(list: readonly Binding[]): Buffer {
  let most = head
  for (const value of list) {
    if (typeof value === 'string') most += value.length * perCharacter
    else if (value !== null) throw new TypeError(`storage-sql: a list of texts takes no ${typeof value}.`)
    most += 4
  }
  const bytes = Buffer.allocUnsafe(most)
  begin(bytes, text, list.length)
  let at = head
  for (const value of list) {
    const size = value === null ? -1 : bytes.write(value as string, at + 4)
    bytes.writeInt32BE(size, at)
    at += 4 + Math.max(size, 0)
  }
  return bytes.subarray(0, at)
}
