/** The program that is measured, and what it may cost. */
export const aim = {
  plugins: 60,
  commands: 40,
  /** Of all types of the typed program. It does not depend on the machine. */
  instantiations: 170_000,
  /** Of the time that the same program takes with untyped calls. */
  times: 3,
} as const
