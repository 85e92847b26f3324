import { defineErrors } from '@natter/core/contract'

/** What keeps the MongoDB store from starting. */
export const MongoErrors = defineErrors('STORAGE_MONGO', {
  URL_INVALID: {
    status: 500,
    message:
      'storage-mongo cannot read the address of the database.\n  Name it like storageMongo({ url: "mongodb://127.0.0.1:27017/chat" }).',
  },
  LOGIN_REFUSED: {
    status: 500,
    message: 'The database does not accept the name or the password.\n  Check both, and the authSource in the address.',
  },
  REPLICA_SET_REQUIRED: {
    status: 500,
    message:
      'The database is a standalone server, which cannot promise that an acknowledged message stays.\n  Make it a replica set of one: start mongod with --replSet rs0, then run rs.initiate() in mongosh once.',
  },
  VERSION_OLD: { status: 500, message: 'The database is older than MongoDB 6.0.\n  Update it.' },
  DURABILITY_WEAK: {
    status: 500,
    message: 'The database does not write through to the disk, so an acknowledged message can be lost in a power cut.',
  },
  SCHEMA_NEWER: {
    status: 500,
    message:
      'The database was made by a newer version of storage-mongo.\n  Update the package, or restore a copy from before.',
  },
  RESET: {
    status: 503,
    message:
      'The database was emptied or replaced while this server ran. Nothing was acknowledged.\n  Start the server again.',
  },
})
