import type { Fallback } from './show-push.ts'

/** What this browser knows of its subscription: the token of its settings, the station's key, and what to show when a push cannot be read. */
export interface Kept extends Fallback { token: string, key: string }

const [database, table, row] = ['linli-push', 'kept', 'subscription']

/** In IndexedDB, which pages and the worker share. */
function inTable<Result>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(database, 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore(table)
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const request = act(opening.result.transaction(table, mode).objectStore(table))
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
      request.transaction!.oncomplete = () => opening.result.close()
    }
  })
}

export const keep = (kept: Kept): Promise<unknown> => inTable('readwrite', store => store.put(kept, row))
export const forget = (): Promise<unknown> => inTable('readwrite', store => store.delete(row))
export const readKept = (): Promise<Kept | undefined> => inTable<Kept | undefined>('readonly', store => store.get(row) as IDBRequest<Kept | undefined>)
