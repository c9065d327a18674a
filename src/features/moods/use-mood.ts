import { useCallback } from 'react'
import { useWish, type WishKind } from '#cloud/use-wish'
import type { Mood, MoodState } from '#contract/mood'
import { applyMood } from './apply-mood'
import { moodWishes } from './mood-wishes'

const kind: WishKind<MoodState, Mood | null, string | null> = {
  queue: moodWishes,
  apply: applyMood,
  ownOf: state => state.own,
  // Back where it was, as after two taps on one face: nothing to ask for.
  agrees: (state, mood) => state.own === mood,
  // A reply that comes sooner needs no sign: the faces would only flicker.
  patience: 400,
}

/** One story's moods and the reader's tap on them: `useWish` says how a tap behaves. */
export function useMood(articleId: string, read: MoodState) {
  const { shown, waiting, want } = useWish(kind, articleId, read)
  const choose = useCallback((mood: Mood) => want(before => (before === mood ? null : mood)), [want])
  return { mood: shown ?? read, waiting, choose }
}
