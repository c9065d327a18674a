import type { setMood } from '#contract/mood'
import { requirePublished } from '../shared/require-published'
import type { Handler } from '../shared/serve'
import { castBallot } from '../shared/voting/cast-ballot'
import { moodSubject, readMood } from '../shared/voting/mood'
import { readAgain } from '../shared/voting/retry'

/** Sets, changes or takes back the caller's mood on a published story. */
export const setMoodHandler: Handler<typeof setMood> = async ({ articleId, mood, wish }, caller) => {
  const reader = await readAgain(() => caller.reader())
  await readAgain(() => requirePublished(articleId))
  const subject = moodSubject(articleId)
  await castBallot(subject, reader, mood === null ? [] : [mood], wish)
  return readMood(subject, caller)
}
