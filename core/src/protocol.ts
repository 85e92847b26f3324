/** `@natter/core/protocol`: the schemas of every frame, the source of validators, JSON Schema, AsyncAPI and vectors. */
export * from './protocol/frames.js'
export * from './protocol/close-codes.js'
export * from './protocol/limits.js'
