/** JavaScript heap in use after garbage collection, bytes; in a process that was started with `--expose-gc`. */
export async function heapAfterCollection(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    globalThis.gc!()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return process.memoryUsage().heapUsed
}
