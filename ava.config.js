// Tests run as compiled JavaScript, so they exercise what is published; source maps point failures at the TypeScript.
export default {
  files: ['{core,client,testkit,starter,bench,plugins/*,examples/*}/build/test/**/*.test.js'],
  nodeArguments: ['--enable-source-maps'],
  timeout: '60s',
}
