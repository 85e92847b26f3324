export type Lane = <T>(task: () => Promise<T>, urgent?: boolean) => Promise<T>

/** Runs tasks one after the other; urgent ones before those that wait. */
export function createLane(): Lane {
  const waiting: (() => Promise<void>)[] = []
  let busy = false
  const next = () => {
    const task = busy ? undefined : waiting.shift()
    if (!task) return
    busy = true
    void task().then(() => {
      busy = false
      next()
    })
  }
  return (task, urgent = false) =>
    new Promise((resolve, reject) => {
      const run = () => task().then(resolve, reject)
      if (urgent) waiting.unshift(run)
      else waiting.push(run)
      next()
    })
}
