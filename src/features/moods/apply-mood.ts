import type { MoodState } from '#contract/mood'

/**
 * What the reader sees at the tap, before the cloud has answered: the old choice gives its count back, the new one
 * takes it. `mood` null takes the vote back. Never below zero, whatever the counts were.
 */
export function applyMood(state: MoodState, mood: string | null): MoodState {
  if (state.own === mood) return state
  const counts = { ...state.counts }
  if (state.own !== null) counts[state.own] = Math.max(0, (counts[state.own] ?? 0) - 1)
  if (mood !== null) counts[mood] = (counts[mood] ?? 0) + 1
  return { ...state, counts, own: mood }
}
