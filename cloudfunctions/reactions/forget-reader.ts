import type { forgetReader } from '#contract/reader'
import type { Handler } from '../shared/serve'
import { forgetBallots } from '../shared/voting/forget'

/** How long (ms) one call goes on removing; with the wait for votes on their way it stays below its own limit of 10 s. */
const budget = 4_000

/** Removes the caller's ballots, as many as there is time for. */
export const forgetReaderHandler: Handler<typeof forgetReader> = async (call, caller) =>
  forgetBallots(await caller.reader(), Date.now() + budget, call)
