import type { forgetReader } from '#contract/reader'
import type { Handler } from '../shared/serve'
import { forgetBallots } from '../shared/voting/forget'

/** How long one call removes, in ms: well within what the function may take. */
const budget = 4_000

/** Removes the caller's ballots, as many as there is time for. */
export const forgetReaderHandler: Handler<typeof forgetReader> = async (_, caller) =>
  forgetBallots(await caller.reader(), Date.now() + budget)
