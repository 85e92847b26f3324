/** Whether a value can be the id of a request: a whole number that fits 31 bits. */
export const isRequestId = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 2_147_483_647
