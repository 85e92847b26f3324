import { defineErrors } from './contract/index.js'

/** The framework's own errors; plugins add theirs. */
export const NatterErrors = defineErrors('NATTER', {
  // the caller's request
  INVALID: { status: 422, message: 'The input is not valid.' },
  TOO_LARGE: { status: 413, message: 'That is too large.' },
  UNSUPPORTED_TYPE: { status: 415, message: 'The content type is not one that is read here.' },
  METHOD_NOT_ALLOWED: { status: 405, message: 'This method is not answered here.' },
  NOT_FOUND: { status: 404, message: 'There is no such thing, or it is not yours to see.' },
  CONFLICT: { status: 409, message: 'This id was already used for another message.' },
  STALE: {
    status: 409,
    message: 'The membership is another than the one this was judged at. Read it again and judge again.',
    retryable: true,
  },
  UNAUTHENTICATED: { status: 401, message: 'Log in first.' },
  FORBIDDEN: { status: 403, message: 'You may not do that.' },
  RATE_LIMITED: { status: 429, message: 'Too many requests. Wait a moment and try again.', retryable: true },
  UNKNOWN_COMMAND: { status: 404, message: 'The server knows no such command.' },
  UNKNOWN_BODY: { status: 422, message: 'The server knows no such kind of message.' },
  PLUGIN_ABSENT: { status: 404, message: 'The server runs without the plugin that answers this.' },
  NOBODY_ONLINE: {
    status: 503,
    message: 'Nobody is connected to receive this, and the server keeps no messages. Try again later.',
    retryable: true,
  },
  NOT_AVAILABLE: { status: 404, message: 'This person is not available.' },
  DRAINING: { status: 503, message: 'The server is restarting. Try again in a moment.', retryable: true },
  BUSY: { status: 503, message: 'The server is busy. Try again in a moment.', retryable: true },
  TIMEOUT: { status: 504, message: 'The server took too long. Try again.', retryable: true },
  INTERNAL: { status: 500, message: 'Something went wrong on the server. Nothing was acknowledged.', retryable: true },
  OUTCOME_UNKNOWN: { status: 503, message: 'The connection was lost before the answer came.' },
  // boot
  CONFIG_INVALID: { status: 500, message: 'A plugin has a configuration that it cannot work with.' },
  NEED_MISSING: { status: 500, message: 'A plugin needs a service that nobody provides.' },
  PROVIDED_TWICE: { status: 500, message: 'Two plugins provide the same service.' },
  NOT_PROVIDED: { status: 500, message: 'A plugin promised a service and did not provide it.' },
  PLUGIN_TWICE: { status: 500, message: 'A plugin is listed twice.' },
  PLUGIN_INVALID: { status: 500, message: 'This is not a plugin.' },
  PLUGIN_CYCLE: { status: 500, message: 'Plugins need each other in a circle.' },
  HOOK_CYCLE: { status: 500, message: 'Hook handlers are ordered in a circle.' },
  HOOK_UNKNOWN: { status: 500, message: 'This is not a hook.' },
  HOOK_FAILED: { status: 500, message: 'A hook handler failed.', retryable: true },
  HOOK_TIMEOUT: { status: 500, message: 'A hook handler took too long.', retryable: true },
  REGISTERED_LATE: { status: 500, message: 'Registration is only possible in setup.' },
  REGISTERED_TWICE: { status: 500, message: 'This was registered before.' },
  STEP_FAILED: { status: 500, message: 'A plugin failed in a step of its life.' },
  STEP_TIMEOUT: { status: 500, message: 'A plugin took too long in a step of its life.' },
  STORAGE_MISSING: { status: 500, message: 'A plugin keeps data and no plugin provides storage.' },
  SERVICE_UNREADY: { status: 500, message: 'A service was used before it was ready.' },
  SECRET_WEAK: { status: 500, message: 'A secret is too short to be one.' },
  SECRET_EXPOSED: { status: 500, message: 'The file with the secrets can be read by others.' },
  SECRET_UNREADABLE: { status: 500, message: 'The file with the secrets can be neither read nor made.' },
  WITHIN_UNAVAILABLE: {
    status: 500,
    message:
      "The chat has no database that can take part in the host's transaction.\n  List storageSql with the host's database, and offline.",
  },
  STOPPED: { status: 503, message: 'The chat was stopped.' },
})

/** The codes of the framework's own errors. */
export type CoreCode = (typeof NatterErrors)[keyof typeof NatterErrors]['code']
