/** Small texts kept over restarts: the device's id and, outside browsers, its refresh token. */
export interface SessionStorage {
  get(key: string): string | null | undefined | Promise<string | null | undefined>
  set(key: string, value: string): void | Promise<void>
  remove(key: string): void | Promise<void>
}

interface WebStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}
interface Web {
  readonly document?: unknown
  readonly localStorage?: WebStorage
  readonly navigator?: { readonly locks?: { request<T>(name: string, run: () => Promise<T>): Promise<T> } }
}
const web = () => globalThis as Web

export const inBrowser = (): boolean => web().document !== undefined

/** The browser's own storage where it can be used, else memory. */
export function defaultStorage(): SessionStorage {
  const local = localStorage()
  if (local) {
    return {
      get: (key) => local.getItem(key),
      set: (key, value) => local.setItem(key, value),
      remove: (key) => local.removeItem(key),
    }
  }
  const kept = new Map<string, string>()
  return {
    get: (key) => kept.get(key),
    set: (key, value) => void kept.set(key, value),
    remove: (key) => void kept.delete(key),
  }
}

/** A page may be denied its storage, by settings or a sandbox: then reading the property throws. */
function localStorage(): WebStorage | undefined {
  try {
    return inBrowser() ? web().localStorage : undefined
  } catch {
    return undefined
  }
}

/** One at a time over all tabs, where the browser has Web Locks; in this tab the caller sees to it. */
export function exclusive<T>(name: string, run: () => Promise<T>): Promise<T> {
  const locks = inBrowser() ? web().navigator?.locks : undefined
  return locks ? locks.request(name, run) : run()
}
