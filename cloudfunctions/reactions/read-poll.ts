import type { readPoll } from '#contract/poll'
import { AppError } from '../shared/app-error'
import type { Handler } from '../shared/serve'
import { findPoll, readPollState } from '../shared/voting/poll'

/** 云投 of a place, as the caller sees it; null where there is none to show. */
export const readPollHandler: Handler<typeof readPoll> = async (place, caller) => {
  const now = Date.now()
  const poll = await findPoll(place, now)
  if (!poll) return { poll: null }
  try {
    return { poll: await readPollState(poll, caller, now) }
  } catch (error) {
    if (error instanceof AppError && error.code === 'not-found') return { poll: null }
    throw error
  }
}
