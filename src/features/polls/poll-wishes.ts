import * as v from 'valibot'
import { call } from '#cloud/call'
import { createWishQueue } from '#cloud/wish-queue'
import { answerPoll, OptionKey } from '#contract/poll'

/** Answers that could not go out yet, by poll; none of its options takes an answer back. */
export const pollWishes = createWishQueue('poll-wishes', v.array(OptionKey), ({ subject, wanted, wish }) =>
  call(answerPoll, { pollId: subject, options: wanted, wish }),
)
