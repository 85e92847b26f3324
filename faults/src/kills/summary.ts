import type { Evidence } from '../checks/evidence.js'

/** The figures of a run in which people talked. */
export interface TalkFigures {
  /** Messages that were given to a device, and of these acknowledged. */
  readonly given: number
  readonly acked: number
  readonly delivered: number
  /** Clients whose view was compared. */
  readonly views: number
  readonly resets: number
  /** Orders of the host, each with its message. */
  readonly orders?: number
}

export function summary({ history, views, orders }: Evidence): TalkFigures {
  return {
    given: history.given.size,
    acked: history.acked,
    delivered: history.pushed.length,
    views: views.length,
    resets: views.reduce((sum, view) => sum + view.resets, 0),
    ...(orders && { orders: orders.length }),
  }
}
