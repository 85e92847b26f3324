/**
 * The one row `r` of a table that meets all of the conditions, as a subquery to be joined with `lateral`.
 *
 * `offset 0` keeps it a subquery. As a plain join the planner may look a row up by a part of its key, because an average
 * conversation has few entries, and then reads all of a long one for each send.
 */
export const one = (table: string, conditions: string, columns = 'r.*'): string =>
  `(select ${columns} from ${table} r where ${conditions} offset 0)`
