/** `0, 1/n … 1`: the visible parts at which something is reported; 0 alone for n = 1. */
export const thresholdsOf = (steps: number): number[] =>
  steps === 1 ? [0] : Array.from({ length: steps + 1 }, (_, step) => step / steps)
