export { memoryStorage, MemoryStore } from './memory-storage.js'
