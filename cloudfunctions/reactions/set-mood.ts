import type { setMood } from '#contract/mood'
import { requirePublished } from '../shared/require-published'
import { readAgain } from '../shared/retry'
import type { Handler } from '../shared/serve'
import { castBallot } from '../shared/voting/cast-ballot'
import { moodStateOf, moodSubject } from '../shared/voting/mood'

/** Sets, changes or removes the caller's mood on a published story. */
export const setMoodHandler: Handler<typeof setMood> = async (
  { articleId, mood, wish: revision, ...vote },
  caller,
) => {
  const reader = await readAgain(() => caller.reader())
  await readAgain(() => requirePublished(articleId))
  const votes = await castBallot(moodSubject(articleId), reader, {
    ...vote,
    revision,
    options: mood === null ? [] : [mood],
  })
  return moodStateOf(votes, caller.known)
}
