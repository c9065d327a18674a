import * as v from 'valibot'
import { call } from '#cloud/call'
import { createWishQueue } from '#cloud/wish-queue'
import { Mood, setMood } from '#contract/mood'

/** Moods that could not go out yet, by story; null takes one back. */
export const moodWishes = createWishQueue('mood-wishes', v.nullable(Mood), ({ subject, wanted, wish }) =>
  call(setMood, { articleId: subject, mood: wanted, wish }),
)
