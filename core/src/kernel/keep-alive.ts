/**
 * Keeps the process running until released. The clock's timers do not, so a boot that hangs on nothing would end the
 * process silently before its time-out could say who hangs.
 */
export function keepAlive(): () => void {
  const timer = setInterval(() => undefined, 2 ** 30)
  return () => clearInterval(timer)
}
