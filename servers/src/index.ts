export type { DatabaseKind, FoundServer, MissingServer, ScratchDatabase } from './found-server.js'
