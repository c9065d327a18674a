import * as v from 'valibot'
import { call } from '#cloud/call'
import { Mood, type MoodState, setMood } from '#contract/mood'
import { phoneVotes } from '../../votes/phone-votes'
import { applyMood } from './apply-mood'

/** The reader's moods on stories; null takes one back. */
export const moodVotes = phoneVotes<MoodState, Mood | null, string | null>('mood-votes', v.nullable(Mood), {
  apply: applyMood,
  ownOf: state => state.own,
  same: (own, mood) => own === mood,
  nothing: null,
  // A faster reply needs no such mark: the faces would only flicker.
  patience: 400,
  send: (articleId, mood, vote) => call(setMood, { articleId, mood, ...vote }),
})
