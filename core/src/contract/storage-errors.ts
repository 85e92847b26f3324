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
  STEP_FAILED: { status: 500, message: 'A data step failed.' },
  CLOSED: { status: 503, message: 'The store is closed.', retryable: true },
})
