/** What a subject's state says of votes; `wish` is the last one the cloud granted this reader. */
export interface Votable {
  canVote: boolean
  wish: number
}

/** The state with a wish that waits on this phone, which the reader takes for granted; not where it came too late. */
export function withWaiting<State extends Votable, Wanted>(
  state: State,
  kept: { wanted: Wanted; wish: number } | undefined,
  apply: (state: State, wanted: Wanted) => State,
): State {
  return kept && state.canVote && kept.wish > state.wish ? apply(state, kept.wanted) : state
}
