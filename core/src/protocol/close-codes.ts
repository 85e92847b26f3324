/** Why the server closes a socket. `retry`: whether a client reconnects, and how. */
export const closeCodes = {
  1000: { name: 'normal', meaning: 'The client or the server is done.', retry: 'no' },
  1001: { name: 'going-away', meaning: 'The server or the page goes away.', retry: 'yes' },
  1002: { name: 'protocol-error', meaning: 'A WebSocket frame was malformed.', retry: 'yes' },
  1003: { name: 'unsupported', meaning: 'A binary frame came; only text frames are spoken.', retry: 'no' },
  1007: { name: 'bad-utf8', meaning: 'A text frame was not UTF-8.', retry: 'no' },
  1009: { name: 'too-large', meaning: 'A frame was larger than the limit in the welcome.', retry: 'no' },
  1012: {
    name: 'restart',
    meaning: 'The server restarts. Come back after the spread that goaway named.',
    retry: 'yes',
  },
  1013: { name: 'try-again', meaning: 'The server takes no more connections now.', retry: 'later' },
  4400: { name: 'bad-frame', meaning: 'A frame was not JSON, not a known shape, or came out of turn.', retry: 'no' },
  4401: {
    name: 'unauthenticated',
    meaning: 'The token or ticket was missing, wrong or expired.',
    retry: 'with-new-token',
  },
  4403: {
    name: 'revoked',
    meaning: 'The session has ended: logged out, revoked, or the account is gone.',
    retry: 'no',
  },
  4408: { name: 'hello-timeout', meaning: 'No hello came in time.', retry: 'yes' },
  4409: {
    name: 'too-many-connections',
    meaning: 'The user connected more often than is allowed; the oldest socket is closed.',
    retry: 'no',
  },
  4410: { name: 'unresponsive', meaning: 'The peer did not answer pings.', retry: 'yes' },
  4413: {
    name: 'slow-consumer',
    meaning: 'The peer read too slowly. Reconnect and resume; nothing is lost.',
    retry: 'yes',
  },
  4426: { name: 'upgrade-required', meaning: 'The server no longer speaks this protocol version.', retry: 'no' },
  4429: { name: 'flood', meaning: 'Far too many frames.', retry: 'later' },
  4500: { name: 'internal', meaning: 'The server failed. Reconnect.', retry: 'yes' },
} as const
/** A code with which the server closes a socket. */
export type CloseCode = keyof typeof closeCodes
