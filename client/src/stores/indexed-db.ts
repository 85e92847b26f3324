import type { Store } from '../api/store.js'

interface Row {
  readonly key: string
  readonly value: unknown
}

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
      request.onupgradeneeded = () => request.result.createObjectStore('values', { keyPath: 'key' })
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
  return {
    name,
    shared: true,
    async list(prefix) {
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`)
      const rows: Row[] = await run('readonly', (store) => store.getAll(range))
      return rows.map(({ key, value }) => [key, value] as const)
    },
    get: async (key) => (await run<Row | undefined>('readonly', (store) => store.get(key)))?.value,
    set: async (key, value) => void (await run('readwrite', (store) => store.put({ key, value }))),
    remove: (key) => run('readwrite', (store) => store.delete(key)),
    clear: () => run('readwrite', (store) => store.clear()),
    close() {
      const closing = opening
      opening = undefined
      closing?.then((db) => db.close()).catch(() => {})
    },
  }
}
