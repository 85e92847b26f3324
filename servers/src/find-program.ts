import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The first file of that name that can be run: in the folders given, then in the PATH. */
export function findProgram(name: string, env: NodeJS.ProcessEnv, folders: readonly string[] = []): string | undefined {
  const paths = (env.PATH ?? '').split(delimiter).filter(Boolean)
  return [...folders, ...paths].map((folder) => join(folder, name)).find(runs)
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
