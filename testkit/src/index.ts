export { memorySource, memoryStorage, MemoryStore } from './memory-storage.js'
export { FakeClock } from './fake-clock.js'
export { createTestChat } from './test-chat.js'
export type { TestChat, TestChatOptions, TestContext } from './test-chat.js'
export { MemoryPeer } from './memory-peer.js'
export { RawDevice, RawRefusal } from './raw-device.js'
export type { RawFrame } from './raw-device.js'
export { sharedStorage } from './shared-storage.js'
export type { Weather } from './shared-storage.js'
export { eventually } from './eventually.js'
export { until } from './until.js'
export { testIdentity } from './test-identity.js'
export { createTestNodes } from './test-nodes.js'
export type { TestNode, TestNodes } from './test-nodes.js'
export { createTestServer } from './test-server.js'
export type { InTest, TestClient, TestServer } from './test-server.js'
export { furnish, furnishedModels, storageConformance } from './storage-conformance.js'
export type {
  OlderStore,
  OpenElsewhere,
  OpenStore,
  StorageBackend,
  StoreSetting,
  SuiteContext,
  SuiteTest,
} from './storage-conformance.js'
