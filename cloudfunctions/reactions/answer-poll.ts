import type { answerPoll } from '#contract/poll'
import { AppError } from '../shared/app-error'
import { readAgain } from '../shared/retry'
import type { Handler } from '../shared/serve'
import { castBallot } from '../shared/voting/cast-ballot'
import { findPoll, fixFormOf, phaseOf, pollStateOf, pollSubject } from '../shared/voting/poll'

/** Sets, changes or removes the caller's answer while the poll is open. */
export const answerPollHandler: Handler<typeof answerPoll> = async (
  { pollId, wish: revision, ...vote },
  caller,
) => {
  const { options } = vote
  const now = Date.now()
  const reader = await readAgain(() => caller.reader())
  const poll = await findPoll({ pollId }, now)
  if (!poll) throw new AppError('not-found', 'no such poll')
  const phase = phaseOf(poll, now)
  if (phase !== 'open') {
    throw new AppError('conflict', phase === 'coming' ? 'poll: not open yet' : 'poll: closed')
  }
  if (options.some(key => !poll.options.some(option => option.key === key))) {
    throw new AppError('invalid', 'options: not one of the poll')
  }
  if (poll.choices === 'one' && options.length > 1) throw new AppError('invalid', 'options: one at most')
  const votes = await castBallot(pollSubject(pollId), reader, { ...vote, revision }, fixFormOf(poll, options))
  return pollStateOf(poll, votes, caller.known, now)
}
