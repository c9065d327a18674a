import * as v from 'valibot'
import { call } from '#cloud/call'
import { answerPoll, OptionKey, type PollState } from '#contract/poll'
import { phoneVotes } from '../../votes/phone-votes'
import { applyAnswer } from './apply-answer'

/** The reader's answers to polls; an empty list takes an answer back. */
export const pollVotes = phoneVotes<PollState, string[]>('poll-votes', v.array(OptionKey), {
  apply: applyAnswer,
  ownOf: poll => poll.own,
  same: (own, answer) => own.length === answer.length && own.every(key => answer.includes(key)),
  nothing: [],
  send: (pollId, options, vote) => call(answerPoll, { pollId, options, ...vote }),
})
