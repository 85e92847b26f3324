/** `@natter/core/storage`: what every storage backend checks alike. For authors of backends; plugins do not need it. */
export * from './storage/compare.js'
export * from './storage/kv-rules.js'
export * from './storage/log-rules.js'
export * from './storage/make-folder.js'
export * from './storage/model-change.js'
export * from './storage/model-rules.js'
export * from './storage/model-shape.js'
export * from './storage/step-failed.js'
