/** What a caller did to one ballot, and what the cloud told it. Times are steps of the run. */
export interface BallotCall {
  kind: 'vote' | 'read'
  from: number
  /** Infinity without a reply: it may take effect at any time, or never. */
  to: number
  /** Of a vote: the choice it sets, its revision, and the revisions that it may replace. */
  choice: string
  wish: number
  basedOn: readonly number[] | undefined
  /** The ballot in the reply. */
  told: { choice: string; wish: number } | null
}

interface Ballot {
  choice: string
  wish: number
}

/** The ballot after a vote: the rule of cast-ballot.ts for a reader who deletes nothing. */
function after(ballot: Ballot, { wish, basedOn, choice }: BallotCall): Ballot {
  const isNewer = wish > ballot.wish && (basedOn === undefined || basedOn.includes(ballot.wish))
  return isNewer ? { choice, wish } : ballot
}

const isTold = ({ told }: BallotCall, { choice, wish }: Ballot): boolean =>
  told === null || (told.wish === wish && told.choice === choice)

/**
 * Whether one order of the calls explains every reply: each call takes effect at one moment between its sending and its
 * reply. The search of Wing and Gong (Testing and verifying concurrent objects, 1993), with the states that it has met.
 */
export function isLinearizable(calls: readonly BallotCall[]): boolean {
  const all = calls.filter(({ kind, told }) => kind === 'vote' || told !== null)
  const met = new Set<string>()

  function search(left: readonly BallotCall[], ballot: Ballot): boolean {
    // Calls without a reply need not take effect.
    if (left.every(({ told }) => told === null)) return true
    const key = `${ballot.wish} ${ballot.choice} ${left.map(call => all.indexOf(call)).join()}`
    if (met.has(key)) return false
    met.add(key)
    const firstReply = Math.min(...left.map(({ to }) => to))
    for (const call of left) {
      if (call.from > firstReply) continue
      const next = call.kind === 'vote' ? after(ballot, call) : ballot
      if (
        isTold(call, next) &&
        search(
          left.filter(other => other !== call),
          next,
        )
      )
        return true
    }
    return false
  }
  return search(all, { choice: '', wish: 0 })
}
