import type { PollState } from '#contract/poll'

/** The answer after a tap on an option: replaced, extended, reduced, or empty (which takes the answer back). */
export function answerAfterTap(own: readonly string[], option: string, choices: 'one' | 'several'): string[] {
  if (own.includes(option)) return own.filter(key => key !== option)
  return choices === 'one' ? [option] : [...own, option]
}

/**
 * The state shown after the tap, before the cloud has answered. A hidden result stays hidden. Ignores an option that an
 * editor has removed meanwhile.
 */
export function applyAnswer(poll: PollState, answer: readonly string[]): PollState {
  const { options, result } = poll
  const own = answer.filter(key => options.some(option => option.key === key))
  if (!result) return { ...poll, own }
  const counts = { ...result.counts }
  for (const key of poll.own) counts[key] = Math.max(0, (counts[key] ?? 0) - 1)
  for (const key of own) counts[key] = (counts[key] ?? 0) + 1
  const came = (own.length > 0 ? 1 : 0) - (poll.own.length > 0 ? 1 : 0)
  return { ...poll, own, result: { counts, readers: Math.max(0, result.readers + came) } }
}

/** Share of the readers who chose an option, in whole percent. */
export function percentOf(count: number, readers: number): number {
  return readers > 0 ? Math.min(100, Math.round((count / readers) * 100)) : 0
}
