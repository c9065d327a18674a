import type { readPoll } from '#contract/poll'
import type { Handler } from '../serve'
import { readPollAt } from '../voting/poll'

/** The poll (云投) of a place as the caller sees it, or null when there is none to show. */
export const readPollHandler: Handler<typeof readPoll> = async (place, caller) => ({
  poll: await readPollAt(place, caller),
})
