import { defineErrors } from '@natter/core/contract'

/** What keeps the SQL store from starting, or from being copied. */
export const SqlErrors = defineErrors('STORAGE_SQL', {
  DURABILITY_WEAK: {
    status: 500,
    message: 'The database does not write through to the disk, so an acknowledged message can be lost in a power cut.',
  },
  URL_UNKNOWN: {
    status: 500,
    message:
      'storage-sql does not know this kind of database.\n  Write it as sqlite:data/chat.db, postgres://user:password@host/name or mariadb://user:password@host/name.',
  },
  DRIVER_MISSING: { status: 500, message: 'The driver of the database is not installed.' },
  SERVER_UNFIT: { status: 500, message: 'The database server cannot hold a store.' },
  SCHEMA_NEWER: {
    status: 500,
    message:
      'The database was made by a newer version of storage-sql.\n  Update the package, or restore a copy from before.',
  },
  COPY_FAILED: { status: 500, message: 'The database could not be copied.' },
})
