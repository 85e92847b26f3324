import type { OwnTable, TableNames } from '../table-names.js'

/** A table of the store as SQL names it. The prefix is letters, digits and _ only. */
export const quoted = ({ prefix }: TableNames, table: OwnTable): string => `\`${prefix}${table}\``
