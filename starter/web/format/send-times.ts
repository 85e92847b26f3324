const hour = 3_600_000
/** From so early on the evening is no longer offered. */
const evening = 20
const morning = 9

/** A time that is offered to send at: which it is, and when, ms. */
export interface SendTime {
  readonly name: 'hour' | 'evening' | 'tomorrow' | 'monday'
  readonly at: number
}

/** Times to send at, from the clock and the calendar of this device. */
export function sendTimes(now: number): readonly SendTime[] {
  const on = (days: number, hours: number) => {
    const day = new Date(now)
    day.setDate(day.getDate() + days)
    return day.setHours(hours, 0, 0, 0)
  }
  const toMonday = (8 - new Date(now).getDay()) % 7 || 7
  const times: readonly SendTime[] = [
    { name: 'hour', at: now + hour },
    { name: 'evening', at: on(0, evening) },
    { name: 'tomorrow', at: on(1, morning) },
    { name: 'monday', at: on(toMonday, morning) },
  ]
  return times.filter(({ name, at }) => (name !== 'evening' || at > now + hour) && (name !== 'monday' || toMonday > 1))
}

/** A time as fields for date and time have it, to the minute, and back; NaN for what is none. */
export function localTime(at: number): string {
  const date = new Date(at)
  const two = (n: number) => String(n).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`
}
export const timeOf = (local: string): number => new Date(local).getTime()
