import type { MoodState } from '#contract/mood'

/**
 * The state shown after the tap, before the cloud has answered: the count of the old choice goes down, that of the new
 * one up. `mood` null takes the vote back. A count never goes below zero.
 */
export function applyMood(state: MoodState, mood: string | null): MoodState {
  if (state.own === mood) return state
  const counts = { ...state.counts }
  if (state.own !== null) counts[state.own] = Math.max(0, (counts[state.own] ?? 0) - 1)
  if (mood !== null) counts[mood] = (counts[mood] ?? 0) + 1
  return { ...state, counts, own: mood }
}
