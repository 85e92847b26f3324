// Tests run as compiled JavaScript, so they exercise what is published; source maps point failures at the TypeScript.
export default {
  files: [
    '{core,client,testkit,servers,storage-cli,starter,bench,docs,faults,typecost,plugins/*,examples/*}/build/test/**/*.test.js',
  ],
  nodeArguments: ['--enable-source-maps'],
  // A process per file: a native driver in a thread that is ended at a bad moment must not hang the whole run.
  workerThreads: false,
  // As long as the longest `t.timeout`: where a test asks for more than this, AVA looks away when nothing happens for so
  // long, and does not look again.
  timeout: '10m',
  require: ['./scripts/test-deadline.mjs'],
}
