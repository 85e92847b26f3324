import { locale } from '../text/texts.js'

const day = 86_400_000
const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options)
const time = format({ hour: '2-digit', minute: '2-digit' })
const weekday = format({ weekday: 'long' })
const shortWeekday = format({ weekday: 'short' })
const date = format({ day: 'numeric', month: 'long' })
const fullDate = format({ day: 'numeric', month: 'long', year: 'numeric' })
const shortDate = format({ day: 'numeric', month: 'short' })
const numericDate = format({ day: '2-digit', month: '2-digit', year: '2-digit' })
const exact = format({ dateStyle: 'full', timeStyle: 'short' })
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })

const midnight = (at: number) => new Date(at).setHours(0, 0, 0, 0)
/** Days of the calendar between two times, whatever the clock change in between. */
const daysBetween = (at: number, now: number) => Math.round((midnight(now) - midnight(at)) / day)
const capital = (text: string) => text.charAt(0).toLocaleUpperCase(locale) + text.slice(1)

export const sameDay = (a: number, b: number): boolean => midnight(a) === midnight(b)
/** 14:32 */
export const clockTime = (at: number): string => time.format(at)
/** For a tooltip: everything. */
export const exactTime = (at: number): string => exact.format(at)

/** The line between two days of a conversation: Today, Yesterday, Tuesday, 3 March, 3 March 2024. */
export const dayName = (at: number, now: number): string => capital(dayInText(at, now))

/** The same in a sentence: today, yesterday, Tuesday. */
export function dayInText(at: number, now: number): string {
  const days = daysBetween(at, now)
  if (days === 0 || days === 1) return relative.format(-days, 'day')
  if (days > 1 && days < 7) return weekday.format(at)
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? date.format(at) : fullDate.format(at)
}

/** As short as a list needs it: 14:32, Tue, 3 Mar, 03/03/24. */
export function listTime(at: number, now: number): string {
  const days = daysBetween(at, now)
  if (days <= 0) return time.format(at)
  if (days < 7) return shortWeekday.format(at)
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? shortDate.format(at) : numericDate.format(at)
}

/** When something that lasts is over: 14:32, or with its day. */
export const untilTime = (at: number, now: number): string =>
  sameDay(at, now) ? clockTime(at) : `${dayInText(at, now)}, ${clockTime(at)}`

/** How long ago: 5 minutes ago, yesterday, 3 March. */
export function timeAgo(at: number, now: number): string {
  const minutes = Math.round((now - at) / 60_000)
  if (minutes < 60) return relative.format(-Math.max(0, minutes), 'minute')
  const days = daysBetween(at, now)
  if (days === 0) return relative.format(-Math.round(minutes / 60), 'hour')
  return days < 7 ? relative.format(-days, 'day') : dayInText(at, now)
}
