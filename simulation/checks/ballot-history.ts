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

/** A call that is still to be placed; `isDone`: a vote that has taken effect, and whose reply comes later. */
interface Open {
  call: BallotCall
  id: string
  isDone: boolean
}

/**
 * Whether one order of the calls explains every reply: each call takes effect at one moment between its sending and its
 * reply. The search of Wing and Gong (Testing and verifying concurrent objects, 1993), with the states that it has met.
 * A vote that reaches the cloud again, because it or its reply was lost, is answered by the ballot of that later moment.
 */
export function isLinearizable(calls: readonly BallotCall[]): boolean {
  const all = calls.filter(({ kind, told }) => kind === 'vote' || told !== null)
  const met = new Set<string>()

  function search(left: readonly Open[], ballot: Ballot): boolean {
    // Calls without a reply need not take effect.
    if (left.every(({ call }) => call.told === null)) return true
    const key = `${ballot.wish} ${ballot.choice} ${left.map(({ id }) => id).join()}`
    if (met.has(key)) return false
    met.add(key)
    const firstReply = Math.min(...left.map(({ call }) => call.to))
    for (const one of left) {
      const { call, id, isDone } = one
      if (call.from > firstReply) continue
      const next = call.kind === 'vote' && !isDone ? after(ballot, call) : ballot
      const others = left.filter(other => other !== one)
      if (isTold(call, next)) {
        if (search(others, next)) return true
      } else if (next !== ballot && search([...others, { call, id: `${id} done`, isDone: true }], next))
        return true
    }
    return false
  }
  const open = all.map((call, number) => ({ call, id: String(number), isDone: false }))
  return search(open, { choice: '', wish: 0 })
}
