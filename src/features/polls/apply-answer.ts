import type { PollState } from '#contract/poll'

/** The answer after a tap on an option: the other one, one more, one less, or none (the answer is taken back). */
export function answerAfterTap(own: readonly string[], option: string, choices: 'one' | 'several'): string[] {
  if (own.includes(option)) return own.filter(key => key !== option)
  return choices === 'one' ? [option] : [...own, option]
}

/** What the reader sees at the tap, before the cloud has answered. A result that is hidden until then stays hidden. */
export function applyAnswer(poll: PollState, own: string[]): PollState {
  const { result } = poll
  if (!result) return { ...poll, own }
  const counts = { ...result.counts }
  for (const key of poll.own) counts[key] = Math.max(0, (counts[key] ?? 0) - 1)
  for (const key of own) counts[key] = (counts[key] ?? 0) + 1
  const came = (own.length > 0 ? 1 : 0) - (poll.own.length > 0 ? 1 : 0)
  return { ...poll, own, result: { counts, readers: Math.max(0, result.readers + came) } }
}

/** The poll with an answer that waits on this phone, unless the cloud has a newer one, or nobody may answer any more. */
export function withWaiting(
  poll: PollState,
  kept: { wanted: string[]; wish: number } | undefined,
): PollState {
  if (!kept || !poll.canVote || kept.wish <= poll.wish) return poll
  return applyAnswer(
    poll,
    kept.wanted.filter(key => poll.options.some(option => option.key === key)),
  )
}

/** Part of the readers who chose an option, in whole percent. */
export function percentOf(count: number, readers: number): number {
  return readers > 0 ? Math.min(100, Math.round((count / readers) * 100)) : 0
}
