/** A document is complete from the start, so there are no stages. */
export function useStages(_key: string, last: number): number {
  return last
}
