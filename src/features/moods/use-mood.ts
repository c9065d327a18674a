import { useCallback, useEffect } from 'react'
import type { Mood, MoodState } from '#contract/mood'
import { tell } from '#platform/tell'
import { useVote } from '../../votes/use-vote'
import type { Outcome } from '../../votes/vote-store'
import { wordsOf } from '../../votes/vote-words'
import { moodVotes } from './mood-votes'

function tellOutcome(outcome: Outcome): void {
  const words = wordsOf(outcome)
  if (words) tell(words)
}

/** One story's moods, and a function for the reader's tap. Calls `onChange` with a state that differs from `read`. */
export function useMood(articleId: string, read: MoodState, onChange: (mood: MoodState) => void) {
  const { state, pending, tap } = useVote(moodVotes, articleId, read, tellOutcome)
  const choose = useCallback((mood: Mood) => tap(before => (before === mood ? null : mood)), [tap])
  const mood = state ?? read
  useEffect(() => {
    if (mood !== read) onChange(mood)
  }, [mood, read, onChange])
  return { mood, pending, choose }
}
