import { readFile } from 'node:fs/promises'

export interface User {
  readonly uid: number
  readonly gid: number
}

/** Who runs a server that refuses root: nobody if we are root, and otherwise we ourselves. */
export async function nobody(): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const users = await readFile('/etc/passwd', 'utf8')
  const [, uid, gid] = /^nobody:[^:]*:(\d+):(\d+):/m.exec(users) ?? []
  if (!uid) throw new Error('there is no user "nobody" to run a server that refuses root')
  return { uid: Number(uid), gid: Number(gid) }
}
