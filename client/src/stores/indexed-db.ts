import type { Store } from '../api/store.js'

/**
 * Keeps everything in the browser's IndexedDB, shared by its tabs. The database is opened when it is first used.
 *
 * @param options.name One per person: what one queued must not be sent by another.
 * @throws Each method rejects with the browser's `DOMException` if the database cannot be used (private windows, full
 *   disks); the client then goes on in memory and says so by the event `problem`.
 */
export function indexedDb(options: { readonly name?: string } = {}): Store {
  const name = options.name ?? 'natter'
  let opening: Promise<IDBDatabase> | undefined

  const open = () =>
    (opening ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name, 1)
      request.onupgradeneeded = () => request.result.createObjectStore('values')
      request.onblocked = () => reject(new Error(`Another tab blocks the database ${name}.`))
      request.onerror = () => reject(request.error)
      request.onsuccess = () => {
        const db = request.result
        const forget = () => (opening = undefined)
        db.onclose = forget
        db.onversionchange = () => {
          db.close()
          forget()
        }
        resolve(db)
      }
    }).catch((error) => {
      opening = undefined
      throw error
    }))

  const run = async <T>(mode: IDBTransactionMode, act: (values: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
    const db = await open()
    return new Promise((resolve, reject) => {
      const transaction = db.transaction('values', mode, { durability: 'strict' })
      const request = act(transaction.objectStore('values'))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = () => reject(transaction.error ?? request.error)
    })
  }
  const range = (prefix: string) => IDBKeyRange.bound(prefix, `${prefix}\uffff`)

  return {
    name,
    shared: true,
    async list(prefix) {
      const keys: IDBValidKey[] = []
      const values: unknown[] = await run('readonly', (store) => {
        const request = store.getAllKeys(range(prefix))
        request.onsuccess = () => keys.push(...request.result)
        return store.getAll(range(prefix))
      })
      return keys.map((key, index) => [key as string, values[index]] as const)
    },
    get: (key) => run('readonly', (store) => store.get(key)),
    set: async (key, value) => void (await run('readwrite', (store) => store.put(value, key))),
    remove: async (key) => void (await run('readwrite', (store) => store.delete(key))),
    clear: async () => void (await run('readwrite', (store) => store.clear())),
    close() {
      const closing = opening
      opening = undefined
      closing?.then((db) => db.close()).catch(() => {})
    },
  }
}
