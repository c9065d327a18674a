/** Visible parts at which to report: `0, 1/n … 1`; only 0 for n = 1. */
export const thresholdsOf = (steps: number): number[] =>
  steps === 1 ? [0] : Array.from({ length: steps + 1 }, (_, step) => step / steps)
