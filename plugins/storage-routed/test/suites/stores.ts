import type { DatabaseKind } from '@natter/servers'

/** The stores that suites run on, and the servers that each needs. */
export const stores = {
  sqlite: [],
  postgres: ['postgres'],
  mariadb: ['mariadb'],
  mongo: ['mongo'],
  combined: ['postgres', 'mongo'],
} as const satisfies Record<string, readonly DatabaseKind[]>
export type StoreName = keyof typeof stores
