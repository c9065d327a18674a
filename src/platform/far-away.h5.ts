/** Always 0: the browser itself skips drawing distant parts. */
export function useFarAway(_id: string, _active: boolean): number {
  return 0
}
