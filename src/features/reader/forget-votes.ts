import { call } from '#cloud/call'
import { forgetReader } from '#contract/reader'
import { clearVotes, forgetVotesBefore } from '../../votes/phone-votes'

/** One call removes what it has time for; 40 calls are enough for any reader. */
const callsAtMost = 40

/** Removes every vote of this reader, and gives how many. Rejects with CallFailed; repeating it is harmless. */
export async function forgetVotes(): Promise<number> {
  // What is pending on this phone would bring votes back.
  clearVotes()
  let total = 0
  let epoch: number | undefined
  for (let i = 0; i < callsAtMost; i++) {
    const reply = await call(forgetReader, epoch === undefined ? {} : { continues: epoch })
    total += reply.removed
    epoch = reply.epoch ?? epoch
    if (reply.done) break
  }
  forgetVotesBefore(epoch ?? 0)
  return total
}
