/** A duration for people: `800 ms`, `5 s`, `1.5 s`. */
export function seconds(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${Number((ms / 1_000).toFixed(1))} s`
}
