import { serverNames } from '@natter/servers'
import type { DatabaseKind } from '@natter/servers'

/** The databases that a store can stand on. */
export type StoreKind = 'sqlite' | DatabaseKind
export const storeKinds: readonly StoreKind[] = ['sqlite', 'postgres', 'mariadb', 'mongo']
export const serverKinds: readonly DatabaseKind[] = ['postgres', 'mariadb', 'mongo']

/** As people call it. */
export const storeTitle = (kind: StoreKind): string => (kind === 'sqlite' ? 'SQLite' : serverNames[kind].title)
