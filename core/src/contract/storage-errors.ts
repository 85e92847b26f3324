import { defineErrors } from './error.js'

/** How a storage backend says no. */
export const StorageErrors = defineErrors('STORAGE', {
  UNAVAILABLE: {
    status: 503,
    message: 'The database did not answer. Nothing was acknowledged; try again.',
    retryable: true,
  },
  FULL: { status: 507, message: 'The disk is full. Nothing was acknowledged; try again later.', retryable: true },
  READ_ONLY: {
    status: 503,
    message: 'The database cannot be written to. Nothing was acknowledged; try again later.',
    retryable: true,
  },
  BUSY: { status: 503, message: 'Too many writes are waiting. Try again.', retryable: true },
  EXISTS: { status: 409, message: 'Another row has the same values of a unique index.' },
  INVALID: { status: 422, message: 'A value cannot be stored.' },
  NOT_INDEXED: { status: 500, message: 'No declared index serves this condition.' },
  MODEL_INVALID: { status: 500, message: 'A model is declared in a way that cannot be stored.' },
  MODEL_CHANGED: { status: 500, message: 'A model was changed in a way that its stored rows do not allow.' },
  NO_TERMS: {
    status: 500,
    message:
      'A plugin needs a full-text index, and this backend has none.\n  Choose another backend for it, or leave the plugin out.',
  },
  STEP_FAILED: { status: 500, message: 'A data step failed.' },
  NO_BULK: { status: 500, message: 'This backend cannot be copied from or into.' },
  NOT_EMPTY: {
    status: 409,
    message: 'The store to copy into is not empty. Name an empty one, or the one where the same copy was interrupted.',
  },
  UNFINISHED: {
    status: 503,
    message:
      'The store is the target of a copy that is not finished.\n  Run the same copy again to finish it, or begin with an empty store.',
  },
  DIFFERS: { status: 500, message: 'The copy is not what its source is.' },
  CLOSED: { status: 503, message: 'The store is closed.', retryable: true },
})
